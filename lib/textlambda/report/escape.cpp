#include "textlambda/report/escape.h"

#include <algorithm>

#include <fmt/format.h>

#include "textlambda/report/display_width.h"
#include "textlambda/text/utf8.h"

namespace textlambda::report {
namespace {

constexpr char32_t kReplacement = U'\uFFFD';

// Calls visit(code point) for each code point of the repaired bytes.
template <typename Visit>
void for_each_code_point(std::string_view bytes, Visit&& visit) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(bytes, buffer).text;
  for (std::size_t at = 0; at < valid.size();) visit(text::next_code_point(valid, at));
}

// Neither XML nor a reader of HTML has a use for these.
bool is_forbidden(char32_t code) {
  const bool control = (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0x7F && code < 0xA0);
  return control || code == 0xFFFE || code == 0xFFFF;
}

// Embeddings, overrides and isolates (Unicode Standard Annex 9): in a log they would turn what follows them.
bool is_turning(char32_t code) { return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069); }

// The entity of a character that is markup in HTML and XML alike, or nothing.
std::string_view entity(char32_t code) {
  switch (code) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

std::string escape_workflow(std::string_view bytes, bool property) {
  std::string result;
  for_each_code_point(bytes, [&](char32_t code) {
    const bool separator = property && (code == ':' || code == ',');
    if (code == '%' || code == '\r' || code == '\n' || separator) {
      result += fmt::format("%{:02X}", static_cast<unsigned>(code));
    } else {
      text::append_utf8(result, is_forbidden(code) || is_turning(code) ? kReplacement : code);
    }
  });
  return result;
}

}  // namespace

std::string escape_html(std::string_view bytes) {
  std::string result;
  for_each_code_point(bytes, [&](char32_t code) {
    const std::string_view markup = entity(code);
    if (markup.empty()) {
      text::append_utf8(result, is_forbidden(code) ? kReplacement : code);
    } else {
      result += markup;
    }
  });
  return result;
}

std::string escape_xml(std::string_view bytes) {
  std::string result;
  for_each_code_point(bytes, [&](char32_t code) {
    const std::string_view markup = entity(code);
    if (!markup.empty()) {
      result += markup;
    } else if (code == '\t' || code == '\n' || code == '\r') {
      result += fmt::format("&#{};", static_cast<unsigned>(code));
    } else {
      text::append_utf8(result, is_forbidden(code) ? kReplacement : code);
    }
  });
  return result;
}

std::string markdown_code(std::string_view bytes, std::size_t max_width) {
  const std::string content = printable(bytes, max_width);
  std::string escaped;
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char character : content) {
    run = character == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (character == '|') escaped += '\\';
    escaped += character;
  }
  const std::string fence(longest + 1, '`');
  // A span of spaces alone keeps them; one that starts or ends with a backtick needs a space beside its fence.
  const bool pad = content.empty() || content.front() == '`' || content.back() == '`' || content.front() == ' ' ||
                   content.back() == ' ';
  return fence + (pad ? " " : "") + escaped + (pad ? " " : "") + fence;
}

std::string markdown_text(std::string_view bytes) {
  constexpr std::string_view kMarkup = "\\`*_{}[]()#+-!|<>~";
  std::string result;
  for (const char character : printable(bytes, bytes.size())) {
    if (character == '@' || character == ':' || character == '&' || character == '/') {
      // Mentions, addresses and entities know no backslash; a character reference breaks them.
      result += fmt::format("&#{};", static_cast<unsigned>(character));
    } else {
      if (kMarkup.find(character) != std::string_view::npos) result += '\\';
      result += character;
    }
  }
  return result;
}

std::string escape_workflow_message(std::string_view bytes) { return escape_workflow(bytes, false); }

std::string escape_workflow_property(std::string_view bytes) { return escape_workflow(bytes, true); }

std::string escape_json_in_html(std::string_view json) {
  std::string result;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char character = json[at];
    if (character == '<' || character == '>' || character == '&') {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
    } else if (json.substr(at, 3) == "\u2028" || json.substr(at, 3) == "\u2029") {
      result += json.substr(at, 3) == "\u2028" ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      result += character;
    }
  }
  return result;
}

}  // namespace textlambda::report
