// The library is the judge: what is read must be what it reads, and what it refuses must be refused.
#include "textlambda/json/plain.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/text/utf8.h"

#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::json {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Equal, and of the same types: 1, 1.0 and -1 + 2 are equal to the library.
bool same(const Json& a, const Json& b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_object()) {
    for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
      if (x.key() != y.key() || !same(*x, *y)) return false;
    }
    return true;
  }
  for (std::size_t i = 0; a.is_array() && i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return a == b;
}

// True where it was read.
bool reads_as_the_library(const std::string& text) {
  INFO(text);
  Json document = "before";
  const bool read = read_plain(text, document);
  const Json expected = Json::parse(text, nullptr, false);
  if (read) {
    CHECK(same(document, expected));
  } else {
    CHECK(document.is_null());
  }
  return read;
}

TEST_CASE("plain JSON is read as the library reads it") {
  const std::string text =
      GENERATE(R"({})", R"([])", R"("")", R"(0)", R"(true)", R"(false)", R"(null)", " \t\r\n[ \t\r\n] \t\r\n",
               R"({"a":1,"b":[true,false,null,{}],"c":{"d":"e"}})", "{ \"a\" : 1 ,\n\"b\"\t:\r[ 2 , 3 ] }",
               // Numbers: whole ones of any size, others.
               "-0", "-1", "12", "999999999999999999", "-999999999999999999", "1234567890123456789",
               "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
               "18446744073709551615", "18446744073709551616", "123456789012345678901234567890", "0.5", "-0.0", "1e3",
               "1E-3", "1.6e+9", "[1.5,2]", "1e-400", "123456789012345678.5",
               // Strings.
               R"("1234567")", R"("12345678")", R"("1234567\n89")", R"("\"\\\/\b\f\n\r\t")",
               R"("\u0041\u00e9\u20ac\u20AC")", R"("\u0000")", R"("\ud83d\ude00")", R"("\uDBFF\uDFFF")",
               "\"\x7F\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"", R"("\\\"")", R"(["\\","\""])",
               // Keys that repeat, are empty, or are written with escapes.
               R"({"a":1,"a":{"b":2},"a":[3]})", R"({"a":{"b":2},"a":"x"})", R"({"":1})", R"({"\u0061":1,"a":2})");
  CHECK(reads_as_the_library(text));
}

TEST_CASE("what is no plain JSON is left to the library") {
  const std::string text = GENERATE(
      as<std::string>{}, "", " ", "{", "}", "[", "]", "\"", "[1", "[1,", "[1,]", "[,1]", "[1 2]", R"({"a")", R"({"a":)",
      R"({"a":1)", R"({"a":1,})", R"({"a" 1})", R"({1:2})", R"({a:1})", R"({'a':1})", "{}x", "1 2", "tru", "truE",
      "nul", "falsy", "True", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x10", "1-2", "1e999", "NaN",
      "Infinity", R"("\x")", R"("\)", R"("\u)", R"("\u12")", R"("\u12G4")", R"("\u 123")", R"("\u-123")", R"("\u+123")",
      R"("\ud83d")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ud83d\u0041")", R"("\ude00")", "\"\n\"", "\"\x01\"",
      "\"1234567\x1F\"", "// no\n1", "\xEF\xBB\xBF{}", std::string("1\0", 2));
  CHECK_FALSE(reads_as_the_library(text));
}

TEST_CASE("deep JSON takes no stack") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(reads_as_the_library(nested(100)));
  Json document;
  CHECK_FALSE(read_plain(nested(1000), document));
  CHECK_FALSE(read_plain(std::string(10'000'000, '['), document));
}

TEST_CASE("events changed at random are read as the library reads them, or not at all") {
  std::mt19937 random(20261103);
  std::size_t read = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(in_source_folder("data/events"))) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const std::string sample((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    CHECK(reads_as_the_library(sample));
    for (int round = 0; round < 60; ++round) {
      std::string event = sample;
      if (round % 3 == 0) event.insert(random() % event.size(), event.substr(random() % event.size(), random() % 9));
      if (round % 3 == 1) event.erase(random() % event.size(), 1 + random() % 3);
      if (round % 3 == 2) event[random() % event.size()] = "{}[]\",:\\u0e-.tfn "[random() % 17];
      std::string repaired;
      read += reads_as_the_library(std::string(text::repair_utf8(event, repaired).text)) ? 1 : 0;
    }
  }
  CHECK(read > 1000);
}

TEST_CASE("a string's plain bytes end at the first one to be escaped, wherever it stands") {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char byte : {'"', '\\', '\0', '\n', '\x1F'}) {
        std::string text(size, '\xFF');
        for (std::size_t i = 0; i < size; ++i) text[i] = "! #[]\x7F\x80\xA2\xDC"[i % 9];
        text[at] = byte;
        if (at + 1 < size) text[at + 1] = ' ';  // a borrow away from an escaped one
        INFO(size << ' ' << at << ' ' << static_cast<int>(byte));
        CHECK(unescaped_prefix(text) == at);
      }
    }
  }
  CHECK(unescaped_prefix("no such byte at all") == 19);
}

}  // namespace
}  // namespace textlambda::json
