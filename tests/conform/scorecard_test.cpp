// The scorecard itself: what is asked at all, what it says of hosts that are none, and its reports.
#include "textlambda/conform/scorecard.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/conform/scorecard_report.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/conform/fake_lambda.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

Options options_at(std::uint16_t port) {
  Options options;
  options.target = tls::parse_target("http://127.0.0.1:" + std::to_string(port));
  options.function = "probe";
  options.unique = "t2";
  options.groups = {"http"};
  return options;
}

std::string error_of_score(const Options& options, io::ErrorKind kind) {
  try {
    score(options, [](const ScoredRow&) {});
  } catch (const io::Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  return "";
}

TEST_CASE("options that leave nothing to be asked") {
  Options options = options_at(1);
  options.groups = {"http", "nothing"};
  CHECK(error_of_score(options, io::ErrorKind::usage)
            .starts_with("--only nothing: expected one of invoke, streaming, http, "));
  options.groups = {};
  options.function = "";
  CHECK(error_of_score(options, io::ErrorKind::usage).starts_with("--function NAME is required"));
  options.function = "a b";
  CHECK(error_of_score(options, io::ErrorKind::usage).starts_with("--function a b: expected a name"));
}

TEST_CASE("a host that is not there, and a function that is not the probe") {
  FakeLambda host;
  Options options = options_at(host.port());
  options.function = "other";
  CHECK(error_of_score(options, io::ErrorKind::input_output)
            .find("other is not the probe: 404 ResourceNotFoundException") != std::string::npos);
  const FakeLambda strange(
      [](const FakeRequest&, http::Response& response) { response.body = R"({"label":"billing"})"; });
  CHECK(error_of_score(options_at(strange.port()), io::ErrorKind::input_output).find("probe is not the probe: ") !=
        std::string::npos);
  host.leave();
  CHECK(error_of_score(options_at(host.port()), io::ErrorKind::input_output).find("cannot connect") !=
        std::string::npos);
}

TEST_CASE("a row that is never answered fails by itself, in its own time") {
  // All but the ping that it begins with.
  std::atomic<int> requests{0};
  const FakeLambda host([&](const FakeRequest&, http::Response&) {
    if (++requests > 1) std::this_thread::sleep_for(std::chrono::milliseconds(700));
  });
  Options options = options_at(host.port());
  options.row_timeout = std::chrono::milliseconds(100);
  const Scorecard card = score(options, [](const ScoredRow&) {});
  CHECK(card.rows.size() == http_rows().size());
  CHECK(card.count(Verdict::fail) == http_rows().size());
  for (const ScoredRow& scored : card.rows) CHECK(scored.finding.got.find("no answer in time") != std::string::npos);
}

TEST_CASE("a host that goes away leaves rows that were not asked") {
  FakeLambda host;
  std::size_t told = 0;
  const Scorecard card = score(options_at(host.port()), [&](const ScoredRow&) {
    if (++told == 2) host.leave();
  });
  CHECK(card.count(Verdict::pass) == 2);
  CHECK(card.count(Verdict::fail) == 1);
  CHECK(card.count(Verdict::skipped) == http_rows().size() - 3);
  CHECK(card.rows.back().finding.reason == "nobody listens there any more, since http.chunked_large");
}

TEST_CASE("an interrupt ends the run, and what was made is taken away") {
  std::set<std::string> deleted;
  std::atomic<bool> interrupted{false};
  auto host = std::make_unique<FakeLambda>([&](const FakeRequest& request, http::Response&) {
    if (request.method == "DELETE") deleted.insert(request.target);
  });
  Options options = options_at(host->port());
  options.deploy = true;
  options.probe = "a program";
  options.interrupted = &interrupted;
  const Scorecard card = score(options, [&](const ScoredRow&) { interrupted = true; });
  host.reset();
  CHECK(card.interrupted);
  CHECK(card.rows.size() == 1);
  CHECK(deleted == std::set<std::string>{"/2015-03-31/functions/conform-t2-probe"});
  CHECK(card.left_behind == "");
}

TEST_CASE("what cannot be taken away is said") {
  const FakeLambda host([&](const FakeRequest& request, http::Response& response) {
    if (request.method == "DELETE") response.status = 500;
  });
  Options options = options_at(host.port());
  options.function = "";
  options.deploy = true;
  options.probe = "a program";
  const Scorecard card = score(options, [](const ScoredRow&) {});
  CHECK(card.function == "conform-t2-probe");
  CHECK(card.left_behind.starts_with("function conform-t2-probe: 500"));
}

TEST_CASE("without --deploy function management is not asked") {
  const FakeLambda host;
  Options options = options_at(host.port());
  options.groups = {"functions"};
  const Scorecard card = score(options, [](const ScoredRow&) {});
  CHECK(card.count(Verdict::skipped) == function_rows().size());
  CHECK(card.passed());
}

// One of each verdict.
Scorecard sample_card() {
  const auto rows = http_rows();
  Scorecard card;
  card.endpoint = "http://127.0.0.1:9001";
  card.function = "probe";
  card.probe = {.kind = "bootstrap", .memory_mb = 128, .timeout_ms = 2998, .function_arn = ""};
  card.rows = {{&rows[0], "http", {Verdict::pass, "200", "", ""}},
               {&rows[1], "http", {Verdict::fail, "200 & more", "<b>500</b>", ""}},
               {&rows[2], "http", {Verdict::skipped, "", "", "not known"}},
               {&rows[3], "http", {Verdict::not_applicable, "", "", "nothing of the kind"}}};
  return card;
}

TEST_CASE("for people") {
  const Scorecard card = sample_card();
  CHECK(row_text(card.rows[0]) == "  PASS  http.keep_alive                     two invocations on one connection\n");
  CHECK(row_text(card.rows[1]) ==
        "  FAIL  http.chunked                        an event in chunks\n        expected  200 & more\n        got     "
        "  <b>500</b>\n"
        "        see       https://www.rfc-editor.org/rfc/rfc9112\n");
  CHECK(row_text(card.rows[2]).ends_with("\n        because   not known\n"));
  CHECK(heading_text(card) ==
        "http://127.0.0.1:9001, function probe: probe of kind bootstrap, 128 MB, timeout 3.0 s\n");
  CHECK(sums_text(card) == "4 rows: 1 passed, 1 failed, 2 skipped\n");
}

TEST_CASE("for machines") {
  const Scorecard card = sample_card();
  const Json told = Json::parse(to_json(card));
  CHECK(told["counts"] == Json{{"rows", 4}, {"pass", 1}, {"fail", 1}, {"skipped", 1}, {"not_applicable", 1}});
  CHECK(told["passed"] == false);
  CHECK(told["rows"][1] == Json{{"id", "http.chunked"},
                                {"group", "http"},
                                {"asks", "an event in chunks"},
                                {"source", "https://www.rfc-editor.org/rfc/rfc9112"},
                                {"verdict", "fail"},
                                {"expected", "200 & more"},
                                {"got", "<b>500</b>"}});
  CHECK(told["rows"][3]["verdict"] == "not applicable");
  const std::string junit = to_junit(card);
  CHECK(junit.find("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"2\"") != std::string::npos);
  CHECK(junit.find("<failure message=\"expected 200 &amp; more\">got &lt;b&gt;500&lt;/b&gt;") != std::string::npos);
  const std::string html = to_html(card);
  CHECK(html.find("&lt;b&gt;500&lt;/b&gt;") != std::string::npos);
  CHECK(html.find("<b>500") == std::string::npos);
  CHECK(html.find("4 rows: 1 passed, 1 failed, 2 skipped") != std::string::npos);
}

TEST_CASE("reports are named by kind and path") {
  CHECK(parse_report_target("junit=a=b.xml").second == "a=b.xml");
  for (const char* const wrong : {"junit", "junit=", "xml=x", "=x", ""})
    CHECK_THROWS_AS(parse_report_target(wrong), io::Error);
}

}  // namespace
}  // namespace textlambda::conform
