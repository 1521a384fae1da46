// Base64, gzip, percent-encoding.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/encoding/percent_encoding.h"

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
  CHECK(percent_decoded("%4") == "%4");
  CHECK(percent_decoded("%zz%-1%+1") == "%zz%-1% 1");
  CHECK(percent_decoded("%00") == std::string(1, '\0'));
  CHECK(form_fields("a=1&b=%26&&a=2&c&=d") == std::map<std::string, std::string>{{"a", "1"}, {"b", "&"}, {"", "d"}});
  CHECK(form_fields("").empty());
}

}  // namespace
}  // namespace textlambda::encoding
