// What a row found: an answer held against what the contract expects. The first thing that does not fit is what the
// row got; what is asked of a judge after that is passed over, so that a row reads as a list of expectations. Pure but
// for its own state; not thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/http/message.h"

namespace textlambda::conform {

enum class Verdict {
  pass,
  fail,
  skipped,         // it could not be asked: `reason`
  not_applicable,  // there is nothing of the kind here: `reason`
};
std::string_view verdict_name(Verdict verdict);  // "pass", "fail", "skipped", "not applicable"

// Each of the texts one printable line of at most a few hundred bytes.
struct Finding {
  Verdict verdict = Verdict::pass;
  std::string expected;
  std::string got;     // of a row that failed
  std::string reason;  // of one that was not asked
};
Finding skipped(std::string reason);
Finding not_applicable(std::string reason);

class Judge {
 public:
  // `expected` in a few words, for whoever reads the scorecard.
  explicit Judge(std::string expected);

  bool decided() const { return finding_.verdict != Verdict::pass; }
  Finding finding() const { return finding_; }

  // `got` is what to say where `holds` does not.
  Judge& that(bool holds, std::string_view got);
  Judge& not_here(std::string_view reason);  // not applicable, after all

  Judge& status(const http::Response& answer, unsigned expected);
  Judge& header(const http::Response& answer, std::string_view name, std::string_view expected);
  Judge& header_matches(const http::Response& answer, std::string_view name, const char* pattern);
  Judge& no_header(const http::Response& answer, std::string_view name);
  Judge& no_body(const http::Response& answer);
  // `what` names the text; the pattern (ECMAScript) has to match the whole of it.
  Judge& matches(std::string_view what, const std::string& text, const std::string& pattern);
  Judge& equal(std::string_view what, const nlohmann::json& got, const nlohmann::json& expected);

  // The answer of a function that has not failed, read: status 200, no X-Amz-Function-Error, JSON. Null where that is
  // not so. {"unsupported": why} of the probe makes the row not applicable.
  nlohmann::json answered(const http::Response& answer);
  // A function's error: status 200, X-Amz-Function-Error Unhandled, JSON. {"unsupported": why} likewise.
  nlohmann::json function_error(const http::Response& answer);
  // What came matters to none, unless the probe says that it cannot do that: not applicable then.
  Judge& supported(const http::Response& answer);
  // An error of the API's own: status, x-amzn-ErrorType one of `types`, JSON. `message` is the member that holds the
  // words: "Message" or "message".
  nlohmann::json api_error(const http::Response& answer, unsigned status, std::initializer_list<std::string_view> types,
                           const char* message);
  // Any answer of the API's: status and JSON.
  nlohmann::json json(const http::Response& answer, unsigned status);

 private:
  nlohmann::json read(const http::Response& answer);

  Finding finding_;
};

// One printable line of at most a few hundred bytes.
std::string excerpt(std::string_view text);
// "404 ResourceNotFoundException {…}": what came, in one line.
std::string summary(const http::Response& answer);
// Of x-amzn-ErrorType: what stands before ":" and behind "#", as the SDKs read it.
std::string error_type(const http::Response& answer);
// As a part of a pattern: what a host has said stands for itself.
std::string literally(std::string_view text);
bool matches_whole(const std::string& text, const std::string& pattern);

// A member that is a string, a number or true, as a row reads the probe's answers; empty, 0 or false where it is not.
std::string string_of(const nlohmann::json& object, const char* name);
double number_of(const nlohmann::json& object, const char* name);
const nlohmann::json& member_of(const nlohmann::json& object, const char* name);  // null where there is none

}  // namespace textlambda::conform
