#include <stdlib.h>
#include <time.h>

#include <clocale>
#include <string>
#include <vector>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/archive/zip_writer.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"

using namespace textlambda;
using namespace std::string_view_literals;
using archive::ZipEntry;
using archive::ZipLimits;
using archive::ZipMember;
using archive::ZipReader;

namespace {

// Written by Python's zipfile, in hexadecimal: folder/, folder/one.json (deflated, 0640), "é 中.txt" (stored, 0644).
constexpr std::string_view kMixed =
    "504b03041400000000000060615c00000000000000000000000007000000666f6c6465722f504b03041400000008000060615c111d34"
    "6f12000000340000000f000000666f6c6465722f6f6e652e6a736f6eab562a49ad2851b252ca48240e2ad5720100504b030414000008"
    "00000060615c20303a3606000000060000000a000000c3a920e4b8ad2e74787468656c6c6f0a504b010214031400000000000060615c"
    "000000000000000000000000070000000000000000000000ed4100000000666f6c6465722f504b010214031400000008000060615c11"
    "1d346f12000000340000000f0000000000000000000000a08125000000666f6c6465722f6f6e652e6a736f6e504b0102140314000008"
    "00000060615c20303a3606000000060000000a0000000000000000000000a48164000000c3a920e4b8ad2e747874504b050600000000"
    "03000300aa000000920000000000";
// A symbolic link.
constexpr std::string_view kLink =
    "504b03041400000000000060615c2ccffde20f0000000f000000040000006c696e6b666f6c6465722f6f6e652e6a736f6e504b010214"
    "031400000000000060615c2ccffde20f0000000f000000040000000000000000000000ffa1000000006c696e6b504b05060000000001"
    "00010032000000310000000000";
// Written by Info-ZIP with a password.
constexpr std::string_view kEncrypted =
    "504b03040a00090000005a9e795d8cb2ebe2130000000700000005000000732e747874cf1979ea281b3ee374d1bc0f3234c36eda3080"
    "504b07088cb2ebe21300000007000000504b01021e030a00090000005a9e795d8cb2ebe2130000000700000005000000000000000100"
    "0000a48100000000732e747874504b0506000000000100010033000000460000000000";

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
  }
  return bytes;
}

std::string changed_zip(std::string bytes, std::size_t position, unsigned char with) {
  bytes[position] = static_cast<char>(static_cast<unsigned char>(bytes[position]) ^ with);
  return bytes;
}

std::string zip_error(std::string_view bytes, const ZipLimits& limits = {}) {
  try {
    ZipReader reader(bytes, "events.zip", limits);
    while (reader.next()) {
    }
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    return error.what();
  }
  return "no error";
}

std::vector<ZipEntry> entries_of(std::string_view bytes) {
  ZipReader reader(bytes, "events.zip");
  std::vector<ZipEntry> entries;
  while (std::optional<ZipEntry> entry = reader.next()) entries.push_back(*std::move(entry));
  return entries;
}

std::string usage_error_of(const std::vector<ZipMember>& members) {
  try {
    archive::write_zip(members);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::usage);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("The files of a zip come out in its order, with names and modes") {
  const std::string mixed = from_hex(kMixed);
  CHECK(archive::is_zip(mixed));
  const std::vector<ZipEntry> entries = entries_of(mixed);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].path == "folder/one.json");
  CHECK(entries[0].name == "events.zip!folder/one.json");
  CHECK(entries[0].content == "{\"text\":\"hahahahahahahahahahahahahahahahahahahaha\"}\n");
  CHECK(entries[0].mode == 0640);
  CHECK(entries[1].path == "é 中.txt");
  CHECK(entries[1].content == "hello\n");
  CHECK(entries[1].mode == 0644);

  CHECK(archive::is_zip("PK\x05\x06"sv));
  CHECK_FALSE(archive::is_zip("PK"));
  CHECK_FALSE(archive::is_zip("{}"));
}

TEST_CASE("A reader can be moved in the middle") {
  const std::string mixed = from_hex(kMixed);
  ZipReader first(mixed, "events.zip");
  REQUIRE(first.next().has_value());
  ZipReader second = std::move(first);
  CHECK(second.next()->path == "é 中.txt");
  CHECK_FALSE(second.next().has_value());
  CHECK_FALSE(second.next().has_value());
}

TEST_CASE("What cannot be read is an error that names the entry") {
  const std::string mixed = from_hex(kMixed);
  const std::size_t compressed = mixed.find("one.json") + 8;
  const std::size_t stored = mixed.find("hello");
  struct Case {
    std::string bytes;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"", "events.zip: is not a zip"},
      {"hello\n", "events.zip: is not a zip"},
      {mixed.substr(0, mixed.size() - 1), "events.zip: is a truncated or damaged zip: it has no directory at its end"},
      {mixed.substr(0, 60), "events.zip: is a truncated or damaged zip: it has no directory at its end"},
      {changed_zip(mixed, stored, 1), "events.zip!é 中.txt: is damaged"},
      // Another size than the data has: libarchive's reason ends in a newline.
      {changed_zip(mixed, mixed.find("\x06\0\0\0\x0A\0"sv), 1), "events.zip!é 中.txt: is damaged"},
      {changed_zip(mixed, compressed + 1, 0xFF), "events.zip!folder/one.json: is damaged"},
      {from_hex(kLink), "events.zip!link: is a link, expected a file"},
      {from_hex(kEncrypted), "events.zip!s.txt: is encrypted; unpack the zip with its password first"},
  };
  for (const Case& item : cases) {
    const std::string message = zip_error(item.bytes);
    CAPTURE(item.message, message);
    CHECK(message.find(item.message) == 0);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("Limits hold for what comes out, not for what the zip says") {
  const std::string zeros(1'000'000, '\0');
  const std::string bomb = archive::write_zip({{"a", zeros, false}, {"b", zeros, false}});
  CHECK(bomb.size() < 5000);
  ZipLimits limits;
  limits.max_entries = 2;
  limits.max_entry_bytes = 1'000'000;
  limits.max_total_bytes = 2'000'000;
  CHECK(zip_error(bomb, limits) == "no error");
  limits.max_entries = 1;
  CHECK(zip_error(bomb, limits) == "events.zip: holds more than the limit of 1 entries");
  limits.max_entries = 2;
  limits.max_total_bytes = 1'999'999;
  CHECK(zip_error(bomb, limits) == "events.zip: unpacks to more than the limit of 1999999 bytes");
  limits.max_entry_bytes = 999'999;
  CHECK(zip_error(bomb, limits) == "events.zip!a: unpacks to more than the limit of 999999 bytes");
}

TEST_CASE("A name in a message is UTF-8 without control characters, and not too long") {
  // The name's length stays: eight bytes.
  const auto name_with = [](std::string_view eight) {
    std::string bytes = from_hex(kMixed);
    for (std::size_t at = bytes.find("one.json"); at != std::string::npos; at = bytes.find("one.json", at)) {
      bytes.replace(at, 8, eight);
    }
    return entries_of(bytes)[0].name;
  };
  CHECK(name_with("\x1B[31mo\ne") == "events.zip!folder/?[31mo?e");
  CHECK(name_with("\xFF\xFEo.json") == "events.zip!folder/??o.json");
  CHECK(name_with("中中é") == "events.zip!folder/中中é");

  std::string long_name;
  while (long_name.size() < 400) long_name += "中";
  const std::string zip = archive::write_zip({{long_name, "", false}, {"a" + long_name, "", false}});
  CHECK(entries_of(zip)[0].name == "events.zip!a" + long_name.substr(0, 297) + "…");
  CHECK(entries_of(zip)[1].name == "events.zip!" + long_name.substr(0, 300) + "…");
}

TEST_CASE("Any changed byte or any cut gives files or an error, and no crash") {
  for (const std::string& bytes : {from_hex(kMixed), from_hex(kEncrypted)}) {
    for (std::size_t position = 0; position < bytes.size(); ++position) {
      for (const unsigned char with : {std::uint8_t{0x01}, std::uint8_t{0x80}, std::uint8_t{0xFF}})
        zip_error(changed_zip(bytes, position, with));
      zip_error(bytes.substr(0, position));
    }
  }
}

TEST_CASE("What is written is read: sorted, with modes") {
  const std::vector<ZipEntry> entries = entries_of(archive::write_zip({{"model.tlm", "weights", false},
                                                                       {"lib/é 中.txt", "", false},
                                                                       {"bootstrap",
                                                                        "\x7F"
                                                                        "ELF",
                                                                        true}}));
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].path == "bootstrap");
  CHECK(entries[0].mode == 0755);
  CHECK(entries[0].content ==
        "\x7F"
        "ELF");
  CHECK(entries[1].path == "lib/é 中.txt");
  CHECK(entries[1].content == "");
  CHECK(entries[2].path == "model.tlm");
  CHECK(entries[2].mode == 0644);
  CHECK(entries_of(archive::write_zip({})).empty());
}

TEST_CASE("The same files give the same bytes in any time zone, locale and order") {
  const auto make = [](bool reversed) {
    std::vector<ZipMember> members = {{"bootstrap", "program", true}, {"é.txt", "text", false}};
    if (reversed) std::swap(members[0], members[1]);
    return archive::write_zip(members);
  };
  const std::string zip = make(false);
  const char* zone = ::getenv("TZ");
  const std::string old_zone = zone == nullptr ? "" : zone;
  for (const char* other : {"UTC", "Asia/Shanghai", "XYZ+11:45", ":America/New_York"}) {
    ::setenv("TZ", other, 1);
    ::tzset();
    CAPTURE(other);
    CHECK(make(true) == zip);
  }
  zone == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", old_zone.c_str(), 1);
  ::tzset();
  for (const char* locale : {"C", "C.UTF-8", "POSIX"}) {
    REQUIRE(std::setlocale(LC_ALL, locale) != nullptr);
    CAPTURE(locale);
    CHECK(make(false) == zip);
    CHECK(entries_of(zip)[1].path == "é.txt");
  }
  std::setlocale(LC_ALL, "C");
}

TEST_CASE("A name that would not unpack to its place is refused") {
  const std::string long_name(1025, 'n');
  struct Case {
    std::string name;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"", "\"\" cannot be a name in a zip: it is empty"},
      {"/etc/passwd", "\"/etc/passwd\" cannot be a name in a zip: it is empty, absolute, or has an empty part"},
      {"a//b", "an empty part"},
      {"a/", "an empty part"},
      {"../a", "it has a part \"..\""},
      {"a/../b", "it has a part \"..\""},
      {"./a", "it has a part \".\""},
      {"a\\b", "it has a backslash"},
      {"a\nb", "it has a control character"},
      {"a\xFF", "it is not UTF-8"},
      {long_name, "it is longer than 1024 bytes"},
  };
  for (const Case& item : cases) {
    const std::string message = usage_error_of({{"fine", "", false}, {item.name, "", false}});
    CAPTURE(item.name, message);
    CHECK(message.find(item.message) != std::string::npos);
  }
  CHECK(usage_error_of({{"a", "1", false}, {"a", "2", false}}) == "\"a\" cannot be a name in a zip: it is given twice");
  CHECK(usage_error_of({{"a", "", false}, {"a/b", "", false}}) == "\"a/b\" cannot be a name in a zip: \"a\" is a file");
  CHECK(usage_error_of({{"..a", "", false}, {"a..b/c.d", "", false}, {"...", "", false}}) == "no error");
}
