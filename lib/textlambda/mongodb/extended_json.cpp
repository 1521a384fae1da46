#include "textlambda/mongodb/extended_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "textlambda/encoding/base64.h"
#include "textlambda/io/error.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::mongodb {
namespace {

constexpr unsigned kDeepest = 100;
// 9999-12-31T23:59:59.999Z: later dates, and those before 1970, are numbers.
constexpr std::int64_t kLastDate = 253402300799999;

// The date with as many decimals as it needs.
std::string date_text(std::int64_t epoch_ms) {
  std::string text = text::rfc3339(epoch_ms);  // …:00.000Z
  text.pop_back();
  while (text.back() == '0' && text.find('.') != std::string::npos) text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "Z";
}

class JsonWriter {
 public:
  explicit JsonWriter(ExtendedJson& out) : out_(out) {}

  void document(bson_iter_t& fields, unsigned depth) {
    if (depth > kDeepest) io::throw_input("a document is nested deeper than 100 levels");
    out_.text += '{';
    const char* separator = "";
    while (bson_iter_next(&fields)) {
      out_.text += separator;
      string({bson_iter_key(&fields), bson_iter_key_len(&fields)});
      out_.text += ':';
      value(fields, depth);
      separator = ",";
    }
    out_.text += '}';
  }

 private:
  void array(bson_iter_t& elements, unsigned depth) {
    if (depth > kDeepest) io::throw_input("a document is nested deeper than 100 levels");
    out_.text += '[';
    const char* separator = "";
    while (bson_iter_next(&elements)) {
      out_.text += separator;
      value(elements, depth);
      separator = ",";
    }
    out_.text += ']';
  }

  void string(std::string_view text) {
    std::size_t broken = 0;
    out_.text += '"';
    while (!text.empty()) {
      const std::size_t valid = text::valid_utf8_prefix(text);
      escape(text.substr(0, valid));
      text.remove_prefix(valid);
      if (text.empty()) break;
      out_.text += "\\ufffd";
      ++broken;
      text.remove_prefix(1);
    }
    out_.text += '"';
    out_.broken += broken > 0 ? 1 : 0;
  }

  void escape(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      switch (c) {
        case '"':
        case '\\':
          out_.text += '\\';
          out_.text += c;
          break;
        case '\n':
          out_.text += "\\n";
          break;
        case '\r':
          out_.text += "\\r";
          break;
        case '\t':
          out_.text += "\\t";
          break;
        case '\b':
          out_.text += "\\b";
          break;
        case '\f':
          out_.text += "\\f";
          break;
        default:
          if (const std::string_view rest = text.substr(i);
              rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
            out_.text += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
          } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out_.text), "\\u{:04x}", static_cast<unsigned>(c));
          } else {
            out_.text += c;
          }
      }
    }
  }

  void wrapped(std::string_view name, std::string_view plain) {
    out_.text.append("{\"$").append(name).append("\":\"").append(plain).append("\"}");
  }
  void wrapped_string(std::string_view name, std::string_view text) {
    out_.text.append("{\"$").append(name).append("\":");
    string(text);
    out_.text += '}';
  }

  void oid(const bson_oid_t* id) {
    std::array<char, 25> hex{};
    bson_oid_to_string(id, hex.data());
    wrapped("oid", hex.data());
  }

  void number(double value) {
    if (std::isfinite(value)) {
      out_.text += double_text(value);
    } else {
      wrapped("numberDouble", double_text(value));
    }
  }

  void date(std::int64_t epoch_ms) {
    if (epoch_ms >= 0 && epoch_ms <= kLastDate) {
      wrapped("date", date_text(epoch_ms));
    } else {
      out_.text += fmt::format("{{\"$date\":{{\"$numberLong\":\"{}\"}}}}", epoch_ms);
    }
  }

  void binary(const bson_iter_t& field) {
    bson_subtype_t subtype = BSON_SUBTYPE_BINARY;
    std::uint32_t size = 0;
    const std::uint8_t* bytes = nullptr;
    bson_iter_binary(&field, &subtype, &size, &bytes);
    out_.text += fmt::format("{{\"$binary\":{{\"base64\":\"{}\",\"subType\":\"{:02x}\"}}}}",
                             encoding::encode_base64({reinterpret_cast<const char*>(bytes), size}),
                             static_cast<unsigned>(subtype));
  }

  void regular_expression(const bson_iter_t& field) {
    const char* options = "";
    const char* const pattern = bson_iter_regex(&field, &options);
    std::string sorted(options);
    std::sort(sorted.begin(), sorted.end());
    out_.text += "{\"$regularExpression\":{\"pattern\":";
    string(pattern);
    out_.text += fmt::format(",\"options\":\"{}\"}}}}", sorted);
  }

  void scoped_code(const bson_iter_t& field, unsigned depth) {
    std::uint32_t length = 0;
    std::uint32_t scope_size = 0;
    const std::uint8_t* scope = nullptr;
    const char* const code = bson_iter_codewscope(&field, &length, &scope_size, &scope);
    out_.text += "{\"$code\":";
    string({code, length});
    out_.text += ",\"$scope\":";
    bson_t inner;
    bson_iter_t fields;
    if (!bson_init_static(&inner, scope, scope_size) || !bson_iter_init(&fields, &inner)) {
      io::throw_input("a document is damaged");
    }
    document(fields, depth + 1);
    out_.text += '}';
  }

  void pointer(const bson_iter_t& field) {
    std::uint32_t length = 0;
    const char* collection = nullptr;
    const bson_oid_t* id = nullptr;
    bson_iter_dbpointer(&field, &length, &collection, &id);
    out_.text += "{\"$dbPointer\":{\"$ref\":";
    string({collection, length});
    out_.text += ",\"$id\":";
    oid(id);
    out_.text += "}}";
  }

  void nested(const bson_iter_t& field, bool is_array, unsigned depth) {
    bson_iter_t inner;
    if (!bson_iter_recurse(&field, &inner)) io::throw_input("a document is damaged");
    if (is_array) {
      array(inner, depth + 1);
    } else {
      document(inner, depth + 1);
    }
  }

  void value(const bson_iter_t& field, unsigned depth) {
    std::uint32_t length = 0;
    switch (bson_iter_type(&field)) {
      case BSON_TYPE_DOUBLE:
        return number(bson_iter_double(&field));
      case BSON_TYPE_UTF8: {
        const char* const text = bson_iter_utf8(&field, &length);
        return string({text, length});
      }
      case BSON_TYPE_DOCUMENT:
        return nested(field, false, depth);
      case BSON_TYPE_ARRAY:
        return nested(field, true, depth);
      case BSON_TYPE_BINARY:
        return binary(field);
      case BSON_TYPE_OID:
        return oid(bson_iter_oid(&field));
      case BSON_TYPE_BOOL:
        out_.text += bson_iter_bool(&field) ? "true" : "false";
        return;
      case BSON_TYPE_DATE_TIME:
        return date(bson_iter_date_time(&field));
      case BSON_TYPE_NULL:
        out_.text += "null";
        return;
      case BSON_TYPE_REGEX:
        return regular_expression(field);
      case BSON_TYPE_DBPOINTER:
        return pointer(field);
      case BSON_TYPE_CODE: {
        const char* const code = bson_iter_code(&field, &length);
        return wrapped_string("code", {code, length});
      }
      case BSON_TYPE_SYMBOL: {
        const char* const symbol = bson_iter_symbol(&field, &length);
        return wrapped_string("symbol", {symbol, length});
      }
      case BSON_TYPE_CODEWSCOPE:
        return scoped_code(field, depth);
      case BSON_TYPE_INT32:
        out_.text += std::to_string(bson_iter_int32(&field));
        return;
      case BSON_TYPE_TIMESTAMP: {
        std::uint32_t seconds = 0;
        std::uint32_t increment = 0;
        bson_iter_timestamp(&field, &seconds, &increment);
        out_.text += fmt::format("{{\"$timestamp\":{{\"t\":{},\"i\":{}}}}}", seconds, increment);
        return;
      }
      case BSON_TYPE_INT64:
        out_.text += std::to_string(bson_iter_int64(&field));
        return;
      case BSON_TYPE_DECIMAL128: {
        bson_decimal128_t decimal{};
        bson_iter_decimal128(&field, &decimal);
        std::array<char, BSON_DECIMAL128_STRING> text{};
        bson_decimal128_to_string(&decimal, text.data());
        return wrapped("numberDecimal", text.data());
      }
      case BSON_TYPE_UNDEFINED:
        out_.text += "{\"$undefined\":true}";
        return;
      case BSON_TYPE_MAXKEY:
        out_.text += "{\"$maxKey\":1}";
        return;
      case BSON_TYPE_MINKEY:
        out_.text += "{\"$minKey\":1}";
        return;
      case BSON_TYPE_EOD:
        break;
    }
    io::throw_input("a document has a value of an unknown type");
  }

  ExtendedJson& out_;
};

}  // namespace

std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  // The shortest digits that read back the same; an exponent below −4 or from 6 on is written as one.
  std::array<char, 40> buffer{};
  const auto scientific =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string text(buffer.data(), scientific.ptr);
  const std::size_t e = text.find('e');
  const int exponent = std::stoi(text.substr(e + 1));
  if (exponent < -4 || exponent >= 6) {
    text[e] = 'E';
    return text;
  }
  const auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  text.assign(buffer.data(), fixed.ptr);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

ExtendedJson extended_json(const bson_t& document) {
  ExtendedJson result;
  bson_iter_t fields;
  if (!bson_iter_init(&fields, &document)) io::throw_input("a document is damaged");
  JsonWriter(result).document(fields, 0);
  return result;
}

}  // namespace textlambda::mongodb
