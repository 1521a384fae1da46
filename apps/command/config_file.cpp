#include "command/config_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/text/utf8.h"

namespace textlambda::command {
namespace {

constexpr std::string_view kBlank = " \t\r";

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  const std::string_view front = text::utf8_front(text, kLongest);
  return std::string(front) + (front.size() < text.size() ? "…" : "");
}

class ConfigReader {
 public:
  ConfigReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::vector<Setting> read() {
    at_ = text_.size() - text::without_byte_order_mark(text_).size();
    while (at_ < text_.size()) {
      skip_blank();
      if (!at_line_end() && !at_comment()) read_setting();
      end_line();
    }
    return std::move(settings_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw io::Error(io::ErrorKind::usage, what, file_, line_); }

  bool at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n'; }
  bool at_comment() const { return at_ < text_.size() && (text_[at_] == '#' || text_[at_] == ';'); }
  void skip_blank() { at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size()); }
  std::string_view rest_of_line() const { return text_.substr(at_, text_.find('\n', at_) - at_); }

  // Nothing but a comment may be left of it.
  void end_line() {
    skip_blank();
    if (!at_line_end() && text_[at_] != '#' && text_[at_] != ';') {
      fail(fmt::format("\"{}\" found, expected the end of the line", excerpt(trimmed(rest_of_line()))));
    }
    at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ < text_.size()) ++at_;
    ++line_;
  }

  void read_setting() {
    const std::string_view line = rest_of_line();
    if (line.front() == '[') {
      if (trimmed(line.substr(0, line.find('#'))) != "[default]") {
        fail(fmt::format("\"{}\" found, but options are in no table: expected OPTION = VALUE", excerpt(trimmed(line))));
      }
      at_ += line.size();
      return;
    }
    Setting setting;
    setting.line = line_;
    const std::size_t end = std::min(line.find_first_of("=#"), line.size());
    std::string_view key = trimmed(line.substr(0, end));
    if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front()) {
      key = key.substr(1, key.size() - 2);
    }
    if (!is_name(key)) {
      fail(fmt::format("\"{}\" found, expected OPTION = VALUE", excerpt(trimmed(line))));
    }
    setting.key = key;
    at_ += end;
    if (end < line.size() && line[end] == '=') {
      ++at_;
      setting.values = read_value(setting.key);
    } else {
      setting.values = {"true"};  // a flag
    }
    settings_.push_back(std::move(setting));
  }

  std::vector<std::string> read_value(const std::string& key) {
    skip_blank();
    if (at_line_end() || text_[at_] == '#') fail(key + ": expected a value");
    if (text_[at_] == '[') return read_list(key);
    if (is_quote(text_[at_])) return {read_string(key)};
    // Without quotes up to the end of the line; several, if commas or blanks part them.
    const std::string_view line = rest_of_line();
    const std::string_view bare = trimmed(line.substr(0, line.find('#')));
    at_ += line.size();
    return split(bare, bare.find(',') != std::string_view::npos ? std::string_view(",") : kBlank);
  }

  static std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> parts;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(separators), text.size());
      std::string_view part = trimmed(text.substr(0, end));
      if (part.size() >= 2 && is_quote(part.front()) && part.back() == part.front()) {
        part = part.substr(1, part.size() - 2);
      }
      if (!part.empty()) parts.emplace_back(part);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
  }

  // May go over several lines, with comments.
  std::vector<std::string> read_list(const std::string& key) {
    std::vector<std::string> values;
    bool expects_value = true;
    for (++at_;;) {
      skip_blank();
      if (at_ >= text_.size()) fail(key + ": a list without its end, expected ]");
      const char c = text_[at_];
      if (c == '\n' || c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        if (at_ >= text_.size()) continue;
        ++at_;
        ++line_;
      } else if (c == ']') {
        ++at_;
        return values;
      } else if (c == ',' && !expects_value) {
        ++at_;
        expects_value = true;
      } else if (expects_value && c != ',') {
        values.push_back(is_quote(c) ? read_string(key) : read_word());
        expects_value = false;
      } else {
        fail(fmt::format("{}: \"{}\" found in a list, expected {}", key, excerpt(trimmed(rest_of_line())),
                         expects_value ? "a value" : ", or ]"));
      }
    }
  }

  static bool is_quote(char c) { return c == '"' || c == '\''; }

  std::string read_word() {
    const std::size_t end = std::min(text_.find_first_of(",]#\n", at_), text_.size());
    const std::string_view word = trimmed(text_.substr(at_, end - at_));
    at_ = end;
    return std::string(word);
  }

  std::string read_string(const std::string& key) {
    const char quote = text_[at_++];
    std::string value;
    for (; !at_line_end(); ++at_) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        return value;
      }
      if (c == '\\' && quote == '"') {
        ++at_;
        append_escaped(key, value);
      } else {
        value += c;
      }
    }
    fail(fmt::format("{}: a string without its end, expected {} on the same line", key, quote));
  }

  // What stands behind a backslash; `at_` is at its last byte afterwards.
  void append_escaped(const std::string& key, std::string& value) {
    constexpr std::string_view kShort = "\"\\bfnrt/";
    constexpr std::string_view kMeant = "\"\\\b\f\n\r\t/";
    const char c = at_line_end() ? '\n' : text_[at_];
    if (const std::size_t found = kShort.find(c); found != std::string_view::npos) {
      value += kMeant[found];
      return;
    }
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    char32_t code = 0;
    std::size_t read = 0;
    for (; read < digits && at_ + 1 < text_.size(); ++read) {
      const std::size_t digit =
          std::string_view("0123456789abcdef")
              .find(static_cast<char>(text_[at_ + 1] >= 'A' && text_[at_ + 1] <= 'F' ? text_[at_ + 1] + ('a' - 'A')
                                                                                     : text_[at_ + 1]));
      if (digit == std::string_view::npos) break;
      code = code << 4U | static_cast<char32_t>(digit);
      ++at_;
    }
    const bool scalar = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    if (digits == 0 || read < digits || !scalar) {
      fail(key + ": an escape that TOML does not know; single quotes take backslashes as they are");
    }
    text::append_utf8(value, code);
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::vector<Setting> settings_;
};

}  // namespace

std::vector<Setting> read_config(std::string_view content, const std::string& file) {
  if (content.size() > kMostConfigBytes) {
    throw io::Error(io::ErrorKind::usage,
                    fmt::format("is larger than {} bytes, which no file of options is", kMostConfigBytes), file);
  }
  return ConfigReader(content, file).read();
}

}  // namespace textlambda::command
