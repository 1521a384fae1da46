#include "textlambda/conform/judge.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/protocol/invoke_api.h"
#include "textlambda/report/display_width.h"
#include "textlambda/text/shown.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kExcerptColumns = 240;
constexpr std::size_t kExcerptBytes = 2000;  // looked at, of a text that may be megabytes
// std::regex recurses for each character: of a text that somebody else chose only so much is matched.
constexpr std::size_t kMostMatched = 1024;
constexpr std::size_t kDeepestRefusal = 10;

const Json& null_json() {
  static const Json kNull;
  return kNull;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::skipped:
      return "skipped";
    case Verdict::not_applicable:
      return "not applicable";
  }
  return "";
}

std::string excerpt(std::string_view text) {
  return report::cut_to_width(text::shown(text.substr(0, kExcerptBytes)), kExcerptColumns);
}

std::string error_type(const http::Response& answer) {
  std::string_view type = answer.header(protocol::kApiErrorTypeHeader);
  type = type.substr(0, type.find(':'));
  if (const std::size_t hash = type.rfind('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
  return std::string(type);
}

std::string summary(const http::Response& answer) {
  std::string text = std::to_string(answer.status);
  if (const std::string type = error_type(answer); !type.empty()) text += " " + type;
  if (const std::string_view error = answer.header(protocol::kFunctionErrorHeader); !error.empty()) {
    text += " with X-Amz-Function-Error: " + std::string(error);
  }
  return excerpt(text + (answer.body.empty() ? ", no body" : " " + answer.body.substr(0, kExcerptBytes)));
}

std::string literally(std::string_view text) {
  std::string pattern;
  for (const char c : text.substr(0, kMostMatched)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && static_cast<unsigned char>(c) < 0x80) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

bool matches_whole(const std::string& text, const std::string& pattern) {
  return text.size() <= kMostMatched && std::regex_match(text, std::regex(pattern));
}

const Json& member_of(const Json& object, const char* name) {
  const Json* const found = json::member(object, name);
  return found == nullptr ? null_json() : *found;
}

std::string string_of(const Json& object, const char* name) {
  const std::string* const found = json::string_member(object, name);
  return found == nullptr ? "" : *found;
}

double number_of(const Json& object, const char* name) {
  const Json& found = member_of(object, name);
  return found.is_number() ? found.get<double>() : 0;
}

Finding skipped(std::string reason) { return {Verdict::skipped, "", "", std::move(reason)}; }
Finding not_applicable(std::string reason) { return {Verdict::not_applicable, "", "", std::move(reason)}; }

Judge::Judge(std::string expected) { finding_.expected = std::move(expected); }

Judge& Judge::that(bool holds, std::string_view got) {
  if (decided() || holds) return *this;
  finding_.verdict = Verdict::fail;
  finding_.got = excerpt(got);
  return *this;
}

Judge& Judge::not_here(std::string_view reason) {
  if (decided()) return *this;
  finding_.verdict = Verdict::not_applicable;
  finding_.reason = excerpt(reason);
  return *this;
}

Judge& Judge::status(const http::Response& answer, unsigned expected) {
  return that(answer.status == expected, summary(answer));
}

Judge& Judge::header(const http::Response& answer, std::string_view name, std::string_view expected) {
  const std::string_view value = answer.header(name);
  return that(value == expected,
              value.empty() ? fmt::format("no {}", name) : fmt::format("{}: {}", name, value.substr(0, kExcerptBytes)));
}

Judge& Judge::header_matches(const http::Response& answer, std::string_view name, const char* pattern) {
  const std::string value(answer.header(name));
  if (value.empty()) return that(false, fmt::format("no {}", name));
  return matches(name, value, pattern);
}

Judge& Judge::no_header(const http::Response& answer, std::string_view name) {
  const std::string_view value = answer.header(name);
  return that(value.empty(), fmt::format("{}: {}", name, value.substr(0, kExcerptBytes)));
}

Judge& Judge::no_body(const http::Response& answer) { return that(answer.body.empty(), summary(answer)); }

Judge& Judge::matches(std::string_view what, const std::string& text, const std::string& pattern) {
  if (decided()) return *this;
  return that(matches_whole(text, pattern), fmt::format("{}: {}", what, text.substr(0, kExcerptBytes)));
}

Judge& Judge::equal(std::string_view what, const Json& got, const Json& expected) {
  if (decided()) return *this;
  return that(got == expected, fmt::format("{}: {}", what, json::compact(got).substr(0, kExcerptBytes)));
}

Json Judge::read(const http::Response& answer) {
  if (decided()) return Json();
  Json document;
  const std::string fault = json::read(answer.body, {}, document);
  that(fault.empty(), "a body that is no JSON: " + summary(answer));
  return decided() ? Json() : document;
}

Json Judge::answered(const http::Response& answer) {
  status(answer, 200).that(answer.header(protocol::kFunctionErrorHeader).empty(), summary(answer));
  Json document = read(answer);
  if (const std::string why = string_of(document, "unsupported"); !why.empty()) not_here(why);
  return document;
}

Judge& Judge::supported(const http::Response& answer) {
  Json document;
  const bool may_say = answer.status == 200 && answer.body.size() < kExcerptBytes;
  if (may_say && json::parse(answer.body, kDeepestRefusal, document)) {
    if (const std::string why = string_of(document, "unsupported"); !why.empty()) not_here(why);
  }
  return *this;
}

Json Judge::function_error(const http::Response& answer) {
  if (answer.header(protocol::kFunctionErrorHeader).empty()) supported(answer);
  status(answer, 200).that(answer.header(protocol::kFunctionErrorHeader) == "Unhandled", summary(answer));
  return read(answer);
}

Json Judge::api_error(const http::Response& answer, unsigned expected, std::initializer_list<std::string_view> types,
                      const char* message) {
  const std::string type = error_type(answer);
  status(answer, expected).that(std::find(types.begin(), types.end(), type) != types.end(), summary(answer));
  Json document = read(answer);
  if (!decided()) that(member_of(document, message).is_string(), summary(answer));
  return document;
}

Json Judge::json(const http::Response& answer, unsigned expected) {
  status(answer, expected);
  return read(answer);
}

}  // namespace textlambda::conform
