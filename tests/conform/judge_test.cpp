// What a judge makes of answers.
#include "textlambda/conform/judge.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

http::Response answer_of(unsigned status, const std::string& body, std::vector<http::Header> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = body};
}

TEST_CASE("a row passes where all that is expected holds") {
  Judge judge("all of it");
  const http::Response answer = answer_of(200, R"({"a":1})", {{"X-One", "v1"}});
  judge.status(answer, 200)
      .header(answer, "x-one", "v1")
      .header_matches(answer, "X-One", "v[0-9]")
      .no_header(answer, "X-Two");
  CHECK(judge.answered(answer) == Json{{"a", 1}});
  CHECK(judge.equal("a", 1, 1).that(true, "").finding().verdict == Verdict::pass);
}

TEST_CASE("the first thing that does not fit is what the row got") {
  Judge judge("202");
  const http::Response answer =
      answer_of(404, R"({"Message":"no"})", {{"x-amzn-ErrorType", "ResourceNotFoundException:http://x"}});
  judge.status(answer, 202).that(false, "later").not_here("nothing of the kind");
  CHECK(judge.answered(answer).is_null());
  const Finding finding = judge.finding();
  CHECK(finding.verdict == Verdict::fail);
  CHECK(finding.expected == "202");
  CHECK(finding.got == R"(404 ResourceNotFoundException {"Message":"no"})");
}

TEST_CASE("each expectation fails where it does not hold") {
  const http::Response good = answer_of(200, "{}", {{"X-One", "v1"}});
  const http::Response failed = answer_of(200, R"({"errorType":"T"})", {{"X-Amz-Function-Error", "Unhandled"}});
  const http::Response handled = answer_of(200, R"({"errorType":"T"})", {{"X-Amz-Function-Error", "Handled"}});
  const http::Response refused =
      answer_of(404, R"({"Message":"no"})", {{"x-amzn-ErrorType", "ResourceNotFoundException"}});
  struct Case {
    const char* what;
    std::function<void(Judge&)> ask;
  };
  const std::vector<Case> cases = {
      {"status", [&](Judge& judge) { judge.status(good, 202); }},
      {"header", [&](Judge& judge) { judge.header(good, "X-One", "v2"); }},
      {"no such header", [&](Judge& judge) { judge.header(good, "X-Two", "v2"); }},
      {"a pattern of a header", [&](Judge& judge) { judge.header_matches(good, "X-One", "v"); }},
      {"a header that is not to be", [&](Judge& judge) { judge.no_header(good, "X-One"); }},
      {"a body that is not to be", [&](Judge& judge) { judge.no_body(good); }},
      {"a pattern", [&](Judge& judge) { judge.matches("text", "abc", "ab"); }},
      {"a text too long to match", [&](Judge& judge) { judge.matches("text", std::string(100'000, 'a'), "a*"); }},
      {"a value", [&](Judge& judge) { judge.equal("n", 1, 2); }},
      {"a body that is no JSON", [&](Judge& judge) { judge.answered(answer_of(200, "<html>")); }},
      {"a body that is nested too deep",
       [&](Judge& judge) { judge.answered(answer_of(200, std::string(200'000, '['))); }},
      {"an error where there is to be none", [&](Judge& judge) { judge.answered(failed); }},
      {"no error where there is to be one", [&](Judge& judge) { judge.function_error(good); }},
      {"an error told as handled", [&](Judge& judge) { judge.function_error(handled); }},
      {"the type of an error", [&](Judge& judge) { judge.api_error(refused, 404, {"ServiceException"}, "Message"); }},
      {"the status of an error",
       [&](Judge& judge) { judge.api_error(refused, 400, {"ResourceNotFoundException"}, "Message"); }},
      {"the member of an error",
       [&](Judge& judge) { judge.api_error(refused, 404, {"ResourceNotFoundException"}, "message"); }},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    Judge judge("x");
    each.ask(judge);
    CHECK(judge.finding().verdict == Verdict::fail);
    CHECK(judge.finding().got != "");
  }
}

TEST_CASE("what the probe does not support is not applicable") {
  const http::Response answer = answer_of(200, R"({"unsupported":"no process of its own"})");
  Judge answered("x");
  answered.answered(answer);
  Judge failing("x");
  failing.function_error(answer);
  for (const Judge& judge : {answered, failing}) {
    CHECK(judge.finding().verdict == Verdict::not_applicable);
    CHECK(judge.finding().reason == "no process of its own");
  }
}

TEST_CASE("what a host has said stands for itself in a pattern") {
  const std::string said = "a.b*(c[1]{2}\\d$^|?+é";
  CHECK(matches_whole("x" + said, "x" + literally(said)));
  CHECK_FALSE(matches_whole("xaXb", "x" + literally("a.b")));
}

TEST_CASE("what is shown of an answer is one line, of no more than a screen or two") {
  CHECK(excerpt("a\nb\x1b[31m") == "a\\nb\\u001b[31m");
  CHECK(excerpt(std::string(1'000'000, 'x')).size() < 1000);
  CHECK(summary(answer_of(204, "")) == "204, no body");
  CHECK(error_type(answer_of(400, "", {{"X-Amzn-Errortype", "a.b#ValidationException:http://x/"}})) ==
        "ValidationException");
}

}  // namespace
}  // namespace textlambda::conform
