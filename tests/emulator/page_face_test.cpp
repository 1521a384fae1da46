// What the page and its data are served with. How it behaves in a browser: tests/clients/emulate_page.
#include "textlambda/emulator/page_face.h"

#include <nlohmann/json.hpp>

#include "textlambda/emulator/recent_log.h"
#include "textlambda/events/source.h"

#include "tests/catch.h"

using namespace textlambda::emulator;
using nlohmann::json;

namespace {

class PageFixture {
 public:
  textlambda::http::Response get(const std::string& target, const std::string& method = "GET",
                                 const std::string& host = "127.0.0.1:9001") const {
    ServerRequest request;
    request.method = method;
    request.target = target;
    request.headers = {{"Host", host}};
    return face.answer(request);
  }

  InvocationHistory history{std::chrono::system_clock::time_point{}};
  PageFace face{history, [] { return std::string(R"({"functions":[]})"); }, [] { return std::string("the log\n"); }};
};

std::string nonce_of(const std::string& policy) {
  const std::string mark = "script-src 'nonce-";
  const std::size_t begin = policy.find(mark) + mark.size();
  return policy.substr(begin, policy.find('\'', begin) - begin);
}

}  // namespace

TEST_CASE("which targets are the page's") {
  for (const char* const own : {"/_textlambda", "/_textlambda/", "/_textlambda/stats?after=3", "/_textlambda?x"}) {
    CHECK(PageFace::owns(own));
  }
  for (const char* const other : {"/", "/_textlambdax", "/2015-03-31/functions", "/x/_textlambda/", ""}) {
    CHECK_FALSE(PageFace::owns(other));
  }
}

TEST_CASE_METHOD(PageFixture, "the page runs its own scripts alone") {
  const auto response = get("/_textlambda/");
  REQUIRE(response.status == 200);
  CHECK(response.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(response.header("Cache-Control") == "no-store");
  CHECK(response.header("X-Content-Type-Options") == "nosniff");
  const std::string policy(response.header("Content-Security-Policy"));
  for (const char* const part : {"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'",
                                 "base-uri 'none'", "form-action 'none'"}) {
    CAPTURE(part);
    CHECK(policy.find(part) != std::string::npos);
  }
  CHECK(policy.find("unsafe") == std::string::npos);
  const std::string nonce = nonce_of(policy);
  CHECK(nonce.size() == 32);
  CHECK(nonce != nonce_of(std::string(get("/_textlambda/").header("Content-Security-Policy"))));
  // Every script and style has it, nothing is left to fill in, and nothing is loaded.
  std::size_t elements = 0;
  for (const char* const tag : {"<script", "<style"}) {
    for (std::size_t at = response.body.find(std::string("\n") + tag); at != std::string::npos;
         at = response.body.find(std::string("\n") + tag, at + 1)) {
      CHECK(response.body.compare(at + 1, std::string(tag).size() + nonce.size() + 10,
                                  std::string(tag) + " nonce=\"" + nonce + "\">") == 0);
      ++elements;
    }
  }
  CHECK(elements == 3);
  for (const char* const none : {"{{", " src=\"", "@import", "url("}) {
    CAPTURE(none);
    CHECK(response.body.substr(0, response.body.find("\n<script")).find(none) == std::string::npos);
  }
  CHECK(response.body.find("Chart.js v") != std::string::npos);
  CHECK(response.body.ends_with("</html>\n"));
}

TEST_CASE_METHOD(PageFixture, "what the page asks for") {
  InvocationRecord record;
  record.function = "<script>";
  history.began(record.function);
  history.ended(record);
  const auto stats = get("/_textlambda/stats");
  CHECK(stats.header("Content-Type") == "application/json");
  CHECK(json::parse(stats.body)["recent"].size() == 1);
  CHECK(json::parse(get("/_textlambda/stats?after=1").body)["recent"].empty());
  CHECK(get("/_textlambda/stats?after=x").status == 400);
  CHECK(get("/_textlambda/stats?after=-1").status == 400);
  CHECK(get("/_textlambda/stats?after=99999999999999999999").status == 400);
  CHECK(get("/_textlambda/functions").body == R"({"functions":[]})");
  CHECK(get("/_textlambda/log").body == "the log\n");
  CHECK(get("/_textlambda/log").header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(get("/_textlambda").status == 308);
  CHECK(get("/_textlambda").header("Location") == "/_textlambda/");
  CHECK(get("/_textlambda/none").status == 404);
  for (const char* const method : {"POST", "HEAD", "DELETE"}) CHECK(get("/_textlambda/stats", method).status == 405);
}

TEST_CASE_METHOD(PageFixture, "a page elsewhere gets none of it") {
  for (const char* const target : {"/_textlambda/", "/_textlambda/stats", "/_textlambda/log", "/_textlambda/none"}) {
    CHECK(get(target, "GET", "evil.example:9001").status == 403);
  }
  const PageFace named(
      history, [] { return std::string("{}"); }, [] { return std::string(); }, {"evil.example"});
  ServerRequest request;
  request.method = "GET";
  request.target = "/_textlambda/log";
  request.headers = {{"Host", "evil.example:9001"}};
  CHECK(named.answer(request).status == 200);
}

TEST_CASE_METHOD(PageFixture, "an event of every source") {
  const json samples = json::parse(get("/_textlambda/events?text=wo+ist+%C3%A9%22%3Cb%3E%3F").body);
  CHECK(samples["text"] == "wo ist \xC3\xA9\"<b>?");
  REQUIRE(samples["events"].size() == static_cast<std::size_t>(textlambda::events::kSourceCount));
  for (const json& sample : samples["events"]) {
    CAPTURE(sample["source"]);
    CHECK(textlambda::events::source_of(sample["source"].get<std::string>()));
    CHECK(json::accept(sample["event"].get<std::string>()));
  }
  CHECK(samples["events"].back()["source"] == "direct");
  CHECK(samples["events"].back()["event"].get<std::string>().find("wo ist \xC3\xA9\\\"<b>?") != std::string::npos);
  CHECK(json::parse(get("/_textlambda/events").body)["text"] == "I was charged twice");
  CHECK(get("/_textlambda/events?text=%FF").status == 200);
  CHECK(get("/_textlambda/events?text=" + std::string(20'000, 'x')).status == 413);
}

TEST_CASE("functions as the page has them") {
  ShownFunction function;
  function.name = "classify";
  function.handler = "bootstrap";
  function.memory_mb = 512;
  function.timeout = std::chrono::seconds(3);
  function.concurrency = 8;
  function.aliases = {"live", "1"};
  function.environments.push_back({"a", "busy", std::chrono::milliseconds(1500), 12, 34U << 20});
  CHECK(json::parse(functions_json({function})) == json::parse(R"({"functions":[{"name":"classify","version":"$LATEST",
    "handler":"bootstrap","memory_mb":512,"timeout_ms":3000,"concurrency":8,"aliases":["live","1"],
    "environments":[{"id":"a","state":"busy","age_ms":1500,"invocations":12,"peak_bytes":35651584}]}]})"));
  CHECK(functions_json({}) == R"({"functions":[]})");
}
