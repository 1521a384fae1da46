// Base64, gzip, percent-encoding.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/encoding/kpl.h"
#include "textlambda/encoding/md5.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/encoding/protobuf.h"

#include "tests/catch.h"
#include "tests/encoding/reference.h"

namespace textlambda::encoding {
namespace {

TEST_CASE("base64: the vectors of RFC 4648, section 10") {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"},
                                                                    {std::string("\0\xFF\xFE", 3), "AP/+"}};
  for (const auto& [bytes, encoded] : vectors) {
    CHECK(encode_base64(bytes) == encoded);
    std::string decoded = "left over";
    CHECK(decode_base64(encoded, decoded) == "");
    CHECK(decoded == bytes);
  }
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (std::size_t size = 0; size < all.size(); ++size)
    CHECK(encode_base64(all.substr(0, size)) == base64(all.substr(0, size)));
}

TEST_CASE("base64: what is wrong is named by its offset") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Zm9?", "not valid base64: \"?\" at byte 4"},
      {"Zm9v\nZm9v", "not valid base64: \"byte 10\" at byte 5"},
      {"Zm9v Zm9v", "not valid base64: \"byte 32\" at byte 5"},
      {"Zm9-", "not valid base64: \"-\" at byte 4"},
      {"Zm9_", "not valid base64: \"_\" at byte 4"},
      {"Zg=", "not valid base64: cut off at byte 3, which is no multiple of 4"},
      {"Zm8", "not valid base64: cut off at byte 3, which is no multiple of 4"},
      {"Z", "not valid base64: cut off at byte 1, which is no multiple of 4"},
      {"Z===", "not valid base64: \"=\" at byte 2"},
      {"====", "not valid base64: \"=\" at byte 1"},
      {"Zg==Zg==", "not valid base64: \"=\" at byte 3"},
      {"Zh==", "not valid base64: \"h\" at byte 2"},  // bits behind the last byte
      {"Zm9=", "not valid base64: \"9\" at byte 3"},
      {"\xC3\xA9==", "not valid base64: \"byte 195\" at byte 1"}};
  for (const auto& [encoded, reason] : cases) {
    std::string decoded;
    CHECK(decode_base64(encoded, decoded) == reason);
  }
}

TEST_CASE("gzip: members, limits, damage") {
  std::string bytes;
  CHECK(gunzip(gzipped("good"), 4, bytes).error == "");
  CHECK(bytes == "good");
  CHECK(gunzip(gzipped("go") + gzipped("od"), 4, bytes).error == "");
  CHECK(bytes == "good");
  CHECK(gunzip(gzipped(""), 0, bytes).error == "");
  CHECK(bytes == "");
  const std::string large(300000, 'x');
  CHECK(gunzip(gzipped(large), 300000, bytes).error == "");
  CHECK(bytes == large);
  const Gunzipped bomb = gunzip(gzipped(large), 299999, bytes);
  CHECK(bomb.too_large);
  CHECK(bomb.error == "not valid gzip within the limits: unpacks to more than 299999 bytes");
  CHECK(bytes == "");
  CHECK(gunzip(gzipped("good"), 3, bytes).too_large);

  const std::string packed = gzipped("good film");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    CHECK(gunzip(packed.substr(0, size), 1000, bytes).error ==
          "not valid gzip: cut off at byte " + std::to_string(size));
  }
  std::string wrong_sum = packed;
  wrong_sum[packed.size() - 5] = static_cast<char>(wrong_sum[packed.size() - 5] ^ 1);
  CHECK(gunzip(wrong_sum, 1000, bytes).error == "not valid gzip: incorrect data check");
  CHECK(gunzip(packed + "x", 1000, bytes).error != "");
  CHECK(is_gzip(packed));
  CHECK_FALSE(is_gzip("\x1F"));
}

TEST_CASE("zlib: one stream, limits, damage") {
  std::string bytes;
  for (int level = 0; level <= 9; ++level) {
    const std::string packed = zlib_packed("good", level);
    CHECK(has_zlib_header(packed));
    CHECK_FALSE(is_gzip(packed));
    CHECK(unpack_zlib(packed, 4, bytes).error == "");
    CHECK(bytes == "good");
    CHECK(unpack_zlib(packed, 3, bytes).too_large);
    CHECK(bytes == "");
  }
  // Packed by another program: python3's zlib.
  CHECK(unpack_zlib(std::string("\x78\x9c\x4b\xcf\xcf\x4f\x01\x00\x04\x2f\x01\xaa", 12), 4, bytes).error == "");
  CHECK(bytes == "good");
  const std::string packed = zlib_packed("good film");
  CHECK(unpack_zlib(packed + "x", 1000, bytes).error == "not valid zlib: bytes behind its end");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    CHECK(unpack_zlib(packed.substr(0, size), 1000, bytes).error ==
          "not valid zlib: cut off at byte " + std::to_string(size));
  }
  std::string wrong_sum = packed;
  wrong_sum.back() = static_cast<char>(wrong_sum.back() ^ 1);
  CHECK(unpack_zlib(wrong_sum, 1000, bytes).error == "not valid zlib: incorrect data check");
  CHECK(unpack_zlib(gzipped("good"), 1000, bytes).error != "");
  CHECK(has_zlib_header("x^2 + 1"));  // a text may begin so
  for (const char* other : {"", "x", "good", "x+y", "xyz", "X2", "\x1F\x8B"}) CHECK_FALSE(has_zlib_header(other));
  CHECK_FALSE(has_zlib_header("\x78\xBB"));  // a preset dictionary
}

std::string hexadecimal(const std::string& bytes) {
  std::string digits;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    digits += "0123456789abcdef"[value >> 4U];
    digits += "0123456789abcdef"[value & 15U];
  }
  return digits;
}

TEST_CASE("MD5") {
  // The test suite of RFC 1321, section A.5.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"},
      // Around the end of a block: python3's hashlib.
      {std::string(55, 'x'), "04364420e25c512fd958a70738aa8f72"},
      {std::string(56, 'x'), "668a72d5ba17f08e62dabcafad6db14b"},
      {std::string(63, 'x'), "7dc2ca208106a2f703567bdff99d8981"},
      {std::string(64, 'x'), "c1bb4f81d892b2d57947682aeb252456"},
      {std::string(65, 'x'), "1bc932052302d074bdec39795fe00cf6"},
      {std::string(120, 'x'), "fb98667f98096de92620b64f46e1c5b5"},
      {std::string(1000, 'x'), "398533d48111e9f664b1f64cb10c4b63"}};
  for (const auto& [bytes, digest] : cases) CHECK(hexadecimal(md5(bytes)) == digest);
}

TEST_CASE("Protocol Buffers, field by field") {
  using Type = ProtobufReader::Field::Type;
  // The examples of the format's documentation: field 1 = 150, field 2 = "testing"; and the fixed types.
  ProtobufReader reader(
      std::string_view("\x08\x96\x01\x12\x07testing\x19\x01\x02\x03\x04\x05\x06\x07\x08\x25wxyz", 26));
  auto field = reader.next();
  REQUIRE(field);
  CHECK((field->number == 1 && field->type == Type::varint && field->varint == 150));
  field = reader.next();
  REQUIRE(field);
  CHECK((field->number == 2 && field->type == Type::bytes && field->bytes == "testing"));
  field = reader.next();
  REQUIRE(field);
  CHECK((field->number == 3 && field->type == Type::fixed64 && field->bytes.size() == 8));
  field = reader.next();
  REQUIRE(field);
  CHECK((field->number == 4 && field->type == Type::fixed32 && field->bytes == "wxyz"));
  CHECK(reader.done());
  CHECK_FALSE(reader.next());

  using namespace std::string_view_literals;
  const std::string_view huge = "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv;  // 2^64 - 1
  ProtobufReader largest(huge);
  field = largest.next();
  REQUIRE(field);
  CHECK(field->varint == ~std::uint64_t{0});
  for (const std::string_view wrong :
       {"\x08"sv, "\x08\x80"sv, "\x0A\x05good"sv, "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7Fgood"sv,
        "\x09"
        "1234567"sv,
        "\x0D"
        "123"sv,
        "\x0B"sv, "\x0C"sv, "\x0E"sv, "\x0F"sv, "\x02\x01x"sv, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv}) {
    ProtobufReader broken(wrong);
    CHECK_FALSE(broken.next());
    CHECK_FALSE(broken.done());
  }
}

TEST_CASE("KPL aggregates: user records, limits, damage") {
  // Made by python3 after the library's description of the format, with hashlib's MD5.
  const auto split = [](const std::string& base64_text, std::size_t limit, std::vector<std::string>& records) {
    std::string bytes;
    REQUIRE(decode_base64(base64_text, bytes) == "");
    CHECK(is_kpl_aggregate(bytes));
    std::vector<std::string_view> found;
    std::string reason = split_kpl_aggregate(bytes, limit, found);
    records.assign(found.begin(), found.end());
    return reason;
  };
  const std::string three =
      "84mawgoCcGsKAmsyEgMxMjMaCAgAGgRnb29kGhUIARAAGg97InRleHQiOiAiYmFkIn0aDQgAGglnb29kIGZpbG0UPz1QHUsv0YFMRrjH0nfd";
  const std::string kind = "not valid KPL aggregate (Kinesis Producer Library): ";
  std::vector<std::string> records;
  CHECK(split(three, 3, records) == "");
  CHECK(records == std::vector<std::string>{"good", R"({"text": "bad"})", "good film"});
  CHECK(split(three, 2, records) == kind + "more than 2 user records");
  CHECK(split("84mawgoCcGsaCAgAGgRnb29kGg8IACIGCgFrEgF2GgNiYWQPlCtzrGZbmw+D7+rGz0Xj", 9, records) == "");
  CHECK(records == std::vector<std::string>{"good", "bad"});  // tags are passed over
  CHECK(split("84mawgoCcGsd4wmABwNIk3bn4AQ1EvV7", 9, records) == "");
  CHECK(records.empty());
  CHECK(split("84mawgoCcGsaCAgBGgRnb29k4QDWR10hg8s8aoFcGMdCeQ==", 9, records) ==
        kind + "user record 1 has no data or no partition key");
  CHECK(split("84mawgoCcGsaAggAXPx1BPzZ6iRxVqhyxoy9tw==", 9, records) ==
        kind + "user record 1 has no data or no partition key");
  CHECK(split("84mawgoCcGsa//////////9/Z29vZHOFFQ9nyNbq4IMLTDtBh1M=", 9, records) ==
        kind + "what it holds is no message of Protocol Buffers");
  CHECK(split("84mawgoCcGsaCAgAGgRnb29kmouC2vAAApCYF00v6H8+AA==", 9, records) == kind + "its checksum is wrong");
  CHECK(split("84mawg==", 9, records) == kind + "cut off");
  CHECK_FALSE(is_kpl_aggregate("good"));
  CHECK_FALSE(is_kpl_aggregate("\xF3\x89\x9A"));
}

TEST_CASE("gzip: what is packed here unpacks, and is packed") {
  std::string bytes;
  for (const std::string& text :
       {std::string(), std::string("good film"), std::string("a\0\xff", 3), std::string(300000, 'x')}) {
    const std::string packed = pack_gzip(text);
    CHECK(is_gzip(packed));
    CHECK(gunzip(packed, text.size(), bytes).error == "");
    CHECK(bytes == text);
  }
  CHECK(pack_gzip(std::string(300000, 'x')).size() < 1000);
}

TEST_CASE("percent-encoding") {
  CHECK(percent_encoded("") == "");
  CHECK(percent_encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encoded("a b/c:%+@[`{\x7F") == "a%20b%2Fc%3A%25%2B%40%5B%60%7B%7F");
  CHECK(percent_encoded("a b/c:%", ":/") == "a%20b/c:%25");
  CHECK(percent_encoded(std::string("\0\xC3\xA9\xFF", 4)) == "%00%C3%A9%FF");
  CHECK(percent_decoded("a+b%20c%2B%C3%a9") == "a b c+\xC3\xA9");
  CHECK(percent_decoded("100%") == "100%");
  CHECK(uri_decoded("a+b%20c%2B%C3%a9%zz%") == "a+b c+\xC3\xA9%zz%");
  CHECK(percent_decoded("%4") == "%4");
  CHECK(percent_decoded("%zz%-1%+1") == "%zz%-1% 1");
  CHECK(percent_decoded("%00") == std::string(1, '\0'));
  CHECK(form_fields("a=1&b=%26&&a=2&c&=d") == std::map<std::string, std::string>{{"a", "1"}, {"b", "&"}, {"", "d"}});
  CHECK(form_fields("").empty());
}

}  // namespace
}  // namespace textlambda::encoding
