#include "textlambda/mongodb/extended_json.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::mongodb {
namespace {

using Document = std::unique_ptr<bson_t, void (*)(bson_t*)>;

std::string json_of(bson_t* document) {
  const Document owned(document, &bson_destroy);
  return extended_json(*document).text;
}

// The spellings of the specification's relaxed format, and of Go's shortest 'G' format for doubles.
TEST_CASE("values are written as mongoexport writes them") {
  bson_oid_t id;
  bson_oid_init_from_string(&id, "507f1f77bcf86cd799439011");
  const std::uint8_t bytes[] = {1, 2, 255};
  bson_decimal128_t decimal;
  REQUIRE(bson_decimal128_from_string("0.10", &decimal));
  CHECK(json_of(BCON_NEW("_id", BCON_OID(&id), "text", BCON_UTF8("hello"))) ==
        R"({"_id":{"$oid":"507f1f77bcf86cd799439011"},"text":"hello"})");
  CHECK(json_of(BCON_NEW("a", BCON_INT32(-1), "b", BCON_INT64(9007199254740993), "c", BCON_BOOL(true), "d",
                         BCON_NULL)) == R"({"a":-1,"b":9007199254740993,"c":true,"d":null})");
  CHECK(json_of(BCON_NEW("a", "[", BCON_INT32(1), "{", "x", "[", "]", "}", "]", "b", "{", "}")) ==
        R"({"a":[1,{"x":[]}],"b":{}})");
  CHECK(json_of(BCON_NEW("d", BCON_DATE_TIME(0), "e", BCON_DATE_TIME(1356351330501), "f", BCON_DATE_TIME(1356351330500),
                         "g", BCON_DATE_TIME(-1), "h", BCON_DATE_TIME(253402300800000))) ==
        R"({"d":{"$date":"1970-01-01T00:00:00Z"},"e":{"$date":"2012-12-24T12:15:30.501Z"},)"
        R"("f":{"$date":"2012-12-24T12:15:30.5Z"},"g":{"$date":{"$numberLong":"-1"}},)"
        R"("h":{"$date":{"$numberLong":"253402300800000"}}})");
  CHECK(
      json_of(BCON_NEW("b", BCON_BIN(BSON_SUBTYPE_BINARY, bytes, 3), "r", BCON_REGEX("a\"b", "xi"), "t",
                       BCON_TIMESTAMP(42, 1), "n", BCON_DECIMAL128(&decimal), "x", BCON_MAXKEY, "y", BCON_MINKEY)) ==
      R"({"b":{"$binary":{"base64":"AQL/","subType":"00"}},"r":{"$regularExpression":{"pattern":"a\"b","options":"ix"}},)"
      R"("t":{"$timestamp":{"t":42,"i":1}},"n":{"$numberDecimal":"0.10"},"x":{"$maxKey":1},"y":{"$minKey":1}})");
  CHECK(json_of(BCON_NEW("c", BCON_CODE("f"), "s", BCON_SYMBOL("s"), "u", BCON_UNDEFINED)) ==
        R"({"c":{"$code":"f"},"s":{"$symbol":"s"},"u":{"$undefined":true}})");
}

TEST_CASE("strings are escaped, broken ones repaired byte by byte") {
  struct Row {
    std::string text;
    std::string json;
    std::size_t broken;
  };
  const Row rows[] = {
      {"a\"b\\c/d", R"("a\"b\\c/d")", 0},
      {"\n\r\t\b\f\x01\x1f\x7f", "\"\\n\\r\\t\\b\\f\\u0001\\u001f\x7f\"", 0},
      {"\xE2\x80\xA8\xE2\x80\xA9<&>\xE4\xB8\xAD", "\"\\u2028\\u2029<&>\xE4\xB8\xAD\"", 0},
      {std::string("a\0b", 3), R"("a\u0000b")", 0},
      {"a\xFF\xFE"
       "b",
       R"("a\ufffd\ufffdb")", 1},
      {"\xE4\xB8", R"("\ufffd\ufffd")", 1},
  };
  for (const Row& row : rows) {
    bson_t document = BSON_INITIALIZER;
    bson_append_utf8(&document, "t", 1, row.text.data(), static_cast<int>(row.text.size()));
    const ExtendedJson json = extended_json(document);
    CHECK(json.text == "{\"t\":" + row.json + "}");
    CHECK(json.broken == row.broken);
    bson_destroy(&document);
  }
}

TEST_CASE("numbers have the fewest digits that read back the same") {
  struct Row {
    double value;
    const char* text;
  };
  const Row rows[] = {{0, "0.0"},
                      {-0.0, "-0.0"},
                      {1, "1.0"},
                      {0.1, "0.1"},
                      {-2.5, "-2.5"},
                      {123456, "123456.0"},
                      {1000000, "1E+06"},
                      {1234567, "1.234567E+06"},
                      {1e21, "1E+21"},
                      {0.0001, "0.0001"},
                      {0.00001, "1E-05"},
                      {1e300, "1E+300"},
                      {1.0 / 3, "0.3333333333333333"},
                      {5e-324, "5E-324"},
                      {NAN, "NaN"},
                      {std::numeric_limits<double>::infinity(), "Infinity"},
                      {-std::numeric_limits<double>::infinity(), "-Infinity"}};
  for (const Row& row : rows) CHECK(double_text(row.value) == row.text);
  CHECK(json_of(BCON_NEW("a", BCON_DOUBLE(NAN), "b", BCON_DOUBLE(2))) == R"({"a":{"$numberDouble":"NaN"},"b":2.0})");
}

TEST_CASE("what no server stores is refused") {
  bson_t* document = BCON_NEW("x", BCON_INT32(1));
  for (int level = 0; level < 150; ++level) {
    bson_t* const outer = bson_new();
    bson_append_document(outer, "d", 1, document);
    bson_destroy(document);
    document = outer;
  }
  CHECK_THROWS_AS(extended_json(*document), io::Error);
  bson_destroy(document);
}

}  // namespace
}  // namespace textlambda::mongodb
