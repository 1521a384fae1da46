#include "textlambda/json/plain.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/text/utf8.h"

namespace textlambda::json {
namespace {

using Json = nlohmann::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_unescaped(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

// The top bits of those of eight bytes that are to be escaped. A borrow may mark bytes above such a one too.
std::uint64_t marked_escaped(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t quotes = word ^ ('"' * kOnes);
  const std::uint64_t backslashes = word ^ ('\\' * kOnes);
  const std::uint64_t marked =
      ((word - 0x20 * kOnes) & ~word) | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
  return marked & (0x80 * kOnes);
}

// Each reader takes what begins at `at_`, or returns false, which ends it all.
class PlainJsonReader {
 public:
  explicit PlainJsonReader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool read(Json& document) {
    skip_space();
    if (!read_value(document, 0)) return false;
    skip_space();
    return at_ == end_;
  }

 private:
  // Calls itself; the library does not, and takes what is deeper.
  static constexpr unsigned kMaxDepth = 100;

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool take(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool read_value(Json& value, unsigned depth) {
    if (at_ == end_ || depth > kMaxDepth) return false;
    switch (*at_) {
      case '{':
        return read_object(value, depth);
      case '[':
        return read_array(value, depth);
      case '"': {
        std::string text;
        if (!read_string(text)) return false;
        value = std::move(text);
        return true;
      }
      case 't':
        value = true;
        return take("true");
      case 'f':
        value = false;
        return take("false");
      case 'n':
        value = nullptr;
        return take("null");
      default:
        return read_number(value);
    }
  }

  bool read_object(Json& value, unsigned depth) {
    ++at_;
    value = Json::object();
    auto& members = value.get_ref<Json::object_t&>();
    skip_space();
    if (take('}')) return true;
    for (;;) {
      std::string key;
      if (!read_string(key)) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      if (!read_value(members[std::move(key)], depth + 1)) return false;
      skip_space();
      if (take('}')) return true;
      if (!take(',')) return false;
      skip_space();
    }
  }

  bool read_array(Json& value, unsigned depth) {
    ++at_;
    value = Json::array();
    auto& elements = value.get_ref<Json::array_t&>();
    skip_space();
    if (take(']')) return true;
    for (;;) {
      if (!read_value(elements.emplace_back(), depth + 1)) return false;
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return false;
      skip_space();
    }
  }

  bool read_string(std::string& text) {
    if (!take('"')) return false;
    for (;;) {
      const std::size_t plain = unescaped_prefix({at_, static_cast<std::size_t>(end_ - at_)});
      text.append(at_, plain);
      at_ += plain;
      if (take('"')) return true;
      if (!take('\\') || !read_escape(text)) return false;
    }
  }

  bool read_escape(std::string& text) {
    if (at_ == end_) return false;
    switch (*at_++) {
      case '"':
        text += '"';
        return true;
      case '\\':
        text += '\\';
        return true;
      case '/':
        text += '/';
        return true;
      case 'b':
        text += '\b';
        return true;
      case 'f':
        text += '\f';
        return true;
      case 'n':
        text += '\n';
        return true;
      case 'r':
        text += '\r';
        return true;
      case 't':
        text += '\t';
        return true;
      case 'u':
        return read_code_point(text);
      default:
        return false;
    }
  }

  std::optional<char32_t> read_code_unit() {
    constexpr std::ptrdiff_t kDigits = 4;
    if (end_ - at_ < kDigits) return std::nullopt;
    std::uint32_t unit = 0;
    if (std::from_chars(at_, at_ + kDigits, unit, 16).ptr != at_ + kDigits) return std::nullopt;
    at_ += kDigits;
    return unit;
  }

  bool read_code_point(std::string& text) {
    const std::optional<char32_t> unit = read_code_unit();
    if (!unit || (*unit >= 0xDC00 && *unit <= 0xDFFF)) return false;
    if (*unit < 0xD800 || *unit > 0xDFFF) {
      text::append_utf8(text, *unit);
      return true;
    }
    if (!take("\\u")) return false;
    const std::optional<char32_t> low = read_code_unit();
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
    text::append_utf8(text, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
    return true;
  }

  // Whole numbers that surely fit into 64 bits; the library rounds the others.
  bool read_number(Json& value) {
    constexpr std::ptrdiff_t kMaxDigits = 18;
    const char* const begin = at_;
    const bool negative = take('-');
    const char* const digits = at_;
    std::uint64_t number = 0;  // one digit more than kMaxDigits still fits
    while (at_ != end_ && is_digit(*at_) && at_ - digits <= kMaxDigits) {
      number = number * 10 + static_cast<std::uint64_t>(*at_++ - '0');
    }
    const std::ptrdiff_t count = at_ - digits;
    if (count == 0 || (count > 1 && *digits == '0')) return false;
    const bool whole = at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E');
    if (!whole || count > kMaxDigits) return read_other_number(begin, value);
    if (negative) {
      value = -static_cast<std::int64_t>(number);
    } else {
      value = number;
    }
    return true;
  }

  bool read_other_number(const char* begin, Json& value) {
    constexpr std::string_view kOfNumbers = "0123456789+-.eE";
    const std::string_view rest(begin, static_cast<std::size_t>(end_ - begin));
    const std::string_view number = rest.substr(0, rest.find_first_not_of(kOfNumbers));
    value = Json::parse(number, nullptr, false);
    at_ = begin + number.size();
    return !value.is_discarded();
  }

  const char* at_;
  const char* end_;
};

}  // namespace

bool read_plain(std::string_view text, Json& document) {
  if (PlainJsonReader(text).read(document)) return true;
  document = nullptr;
  return false;
}

std::size_t unescaped_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t marked = marked_escaped(word);
    if (marked == 0) continue;
    if constexpr (std::endian::native == std::endian::big) break;
    return at + static_cast<std::size_t>(std::countr_zero(marked)) / 8;
  }
  while (at < text.size() && is_unescaped(text[at])) ++at;
  return at;
}

}  // namespace textlambda::json
