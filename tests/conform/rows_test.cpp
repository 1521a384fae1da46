// Every row against a Lambda in miniature: it passes where that is right, and fails where it is wrong in its way.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/conform/deployment.h"
#include "textlambda/conform/row.h"
#include "textlambda/conform/scorecard.h"
#include "textlambda/encoding/base64.h"

#include "tests/catch.h"
#include "tests/conform/fake_lambda.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

Options options_for(const FakeLambda& host) {
  Options options;
  options.target = tls::parse_target("http://127.0.0.1:" + std::to_string(host.port()));
  options.function = "probe";
  options.row_timeout = std::chrono::seconds(10);
  options.concurrency = 4;
  options.probe = "a program";
  options.queue = "arn:aws:sqs:us-east-1:123456789012:queue";
  options.unique = "t1";
  return options;
}

const Row& row_named(std::string_view id) {
  for (const RowGroup& group : row_groups()) {
    for (const Row& row : group.rows) {
      if (row.id == id) return row;
    }
  }
  FAIL("no row " << id);
  return row_groups().front().rows.front();
}

bool needs_deploy(std::string_view id) {
  return id.starts_with("functions.") || id.starts_with("versions.") || id.starts_with("faces.");
}

// A session whose probe is known; where it is of function management, with a function made. Rows that wait for what
// does not come are to give up soon, but for those that are asked of functions with three seconds alone, and those that
// move megabytes.
Session session_for(const FakeLambda& host, std::string_view id) {
  Options options = options_for(host);
  const bool may_take_long = id.starts_with("crashes.") || id.find("large") != std::string_view::npos;
  if (!may_take_long) options.row_timeout = std::chrono::seconds(2);
  Session session(options);
  session.set_probe({.kind = "bootstrap",
                     .memory_mb = 128,
                     .timeout_ms = 2998,
                     .function_arn = "arn:aws:lambda:us-east-1:123456789012:function:probe"});
  if (needs_deploy(id)) session.set_created(create_function(session));
  return session;
}

// A row in one run with the rows of its group that stand before it, as far as it needs what they leave.
Finding asked(const FakeLambda& host, const std::vector<const char*>& ids) {
  Session session = session_for(host, ids.back());
  Finding finding;
  for (const char* const id : ids) {
    session.begin_row();
    finding = row_named(id).ask(session);
  }
  return finding;
}

TEST_CASE("a Lambda that does all of it passes every row", "[threads]") {
  const FakeLambda host;
  Options options = options_for(host);
  options.deploy = true;
  options.row_timeout = std::chrono::seconds(60);  // a sanitizer is slow with the largest events
  const Scorecard card = score(options, [](const ScoredRow& scored) {
    INFO(scored.row->id << ": expected " << scored.finding.expected << ", got " << scored.finding.got);
    CHECK(scored.finding.verdict != Verdict::fail);
  });
  CHECK(card.left_behind == "");
  std::set<std::string_view> skipped;
  for (const ScoredRow& scored : card.rows) {
    if (scored.finding.verdict != Verdict::pass) skipped.insert(scored.row->id);
  }
  // Nothing feeds a queue here.
  CHECK(skipped ==
        std::set<std::string_view>{"batch.delivered", "batch.partial", "batch.function_error", "batch.unknown_id"});
}

TEST_CASE("rows have names of their own, a source and a line in the manual") {
  std::set<std::string> ids;
  for (const RowGroup& group : row_groups()) {
    for (const Row& row : group.rows) {
      INFO(row.id);
      CHECK(ids.insert(std::string(row.id)).second);
      CHECK(row.id.starts_with(std::string(group.name) + "."));
      CHECK(row.source.starts_with("https://"));
      CHECK(row.asks != "");
    }
  }
  std::ifstream page(in_source_folder("docs/conform.md"));
  const std::string text((std::istreambuf_iterator<char>(page)), {});
  std::set<std::string> documented;
  for (std::size_t at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1)) {
    const std::string name = text.substr(at + 4, text.find('`', at + 4) - at - 4);
    if (name.find('.') != std::string::npos) documented.insert(name);
  }
  CHECK(documented == ids);
}

using Spoil = FakeLambda::Spoil;

void set_header(http::Response& response, const std::string& name, const std::string& value) {
  std::erase_if(response.headers, [&](const http::Header& header) { return header.name == name; });
  if (!value.empty()) response.headers.push_back({name, value});
}

// Spoils of one kind each; of the answers to requests with these words in their body, all of them where there are none.
Spoil header_is(const std::string& name, const std::string& value, const std::string& words = {}) {
  return [=](const FakeRequest& request, http::Response& response) {
    if (request.has(words)) set_header(response, name, value);
  };
}
Spoil status_is(unsigned status, const std::string& words = {}) {
  return [=](const FakeRequest& request, http::Response& response) {
    if (request.has(words)) response.status = status;
  };
}
// One status in the place of another.
Spoil turns(unsigned from, unsigned to) {
  return [=](const FakeRequest&, http::Response& response) {
    if (response.status == from) response.status = to;
  };
}
Spoil body_is(const std::string& body, const std::string& words = {}) {
  return [=](const FakeRequest& request, http::Response& response) {
    if (request.has(words)) response.body = body;
  };
}
// The first occurrence of one text in a body is another.
Spoil says(const std::string& before, const std::string& after, const std::string& words = {}) {
  return [=](const FakeRequest& request, http::Response& response) {
    const std::size_t at = response.body.find(before);
    if (request.has(words) && at != std::string::npos) response.body.replace(at, before.size(), after);
  };
}
// Likewise in the log.
Spoil logs(const std::string& before, const std::string& after) {
  return [=](const FakeRequest&, http::Response& response) {
    std::string log = log_tail(response);
    const std::size_t at = log.find(before);
    if (at == std::string::npos) return;
    log.replace(at, before.size(), after);
    set_header(response, "X-Amz-Log-Result", encoding::encode_base64(log));
  };
}
Spoil type_is(const std::string& type) {
  return [=](const FakeRequest&, http::Response& response) {
    if (response.status >= 400) set_header(response, "x-amzn-ErrorType", type);
  };
}
// A request of that method whose path ends so is answered with that status.
Spoil refuses(const std::string& method, const std::string& end, unsigned status) {
  return [=](const FakeRequest& request, http::Response& response) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (request.method == method && path.ends_with(end)) response = {.status = status, .headers = {}, .body = "{}"};
  };
}

struct Wrong {
  std::vector<const char*> rows;  // the last one is to fail; those before it are what it builds upon
  Spoil spoil = {};
  std::set<std::string> faults = {};
};

std::vector<Wrong> wrong_lambdas() {
  return {
      {{"invoke.request_response"}, says("hello", "olleh")},
      {{"invoke.request_response"}, status_is(500)},
      {{"invoke.request_response"}, header_is("X-Amz-Function-Error", "Unhandled")},
      {{"invoke.explicit_type"}, body_is("{}")},
      {{"invoke.executed_version"}, header_is("X-Amz-Executed-Version", "")},
      {{"invoke.request_id"}, header_is("x-amzn-RequestId", "17")},
      {{"invoke.content_type"}, header_is("Content-Type", "text/html")},
      {{"invoke.trace_id"}, header_is("X-Amzn-Trace-Id", "")},
      {{"invoke.empty_body"}, body_is(R"({"echo":null})")},
      {{"invoke.null_answer"}, body_is("", "null")},
      {{"invoke.unicode"}, says("日", "?")},
      {{"invoke.escaped_event"}, body_is(R"({"echo":{"a":"é","b":[]}})")},
      {{"invoke.numbers"}, says("9007199254740991", "9007199254740992")},
      {{"invoke.any_json"}, body_is(R"({"echo":{}})")},
      {{"invoke.largest_event"}, says("6291455", "1048576")},
      {{"invoke.event"}, status_is(200)},
      {{"invoke.event"}, body_is("null")},
      {{"invoke.event_version"}, header_is("X-Amz-Executed-Version", "$LATEST")},
      {{"invoke.event_runs"}, says("conform-t1-event", "something else")},
      {{"invoke.largest_asynchronous_event"}, status_is(413)},
      {{"invoke.dry_run"}, status_is(200)},
      {{"invoke.dry_run_version"}, header_is("X-Amz-Executed-Version", "$LATEST")},
      {{"invoke.dry_run_runs_nothing"}, says(R"("remembered":{)", R"("remembered":{"conform-t1-dry-run":true,"x":1)")},
      {{"invoke.tail"}, header_is("X-Amz-Log-Result", "")},
      {{"invoke.tail"}, header_is("X-Amz-Log-Result", "bm90aGluZw==")},
      {{"invoke.tail_of_stderr"}, logs("conform-t1-stderr", "")},
      {{"invoke.no_tail"}, header_is("X-Amz-Log-Result", "bm90aGluZw==")},
      {{"invoke.tail_limit"}, logs("REPORT", std::string(3000, 'x') + "REPORT")},
      {{"invoke.arn"}, status_is(404)},
      {{"invoke.encoded_arn"}, status_is(404)},
      {{"invoke.partial_arn"}, status_is(404)},
      {{"invoke.name_and_latest"}, status_is(404)},
      {{"invoke.arn_and_latest"}, status_is(404)},
      {{"invoke.qualifier"}, status_is(404)},
      {{"invoke.both_qualifiers"}, status_is(400)},
      {{"invoke.tenant"}, header_is("X-Amz-Tenant-Id", "")},
      {{"invoke.tenant"}, says("blue", "green")},

      {{"streaming.answer"}, says("é", "e")},
      {{"streaming.answer"}, says("InvokeComplete", "InvokeCompletf")},
      {{"streaming.large_answer"}, body_is(R"({"echo":1})")},
      {{"streaming.not_found"}, turns(404, 501)},

      {{"http.keep_alive"}, header_is("Connection", "close")},
      {{"http.chunked"}, status_is(411)},
      {{"http.chunked_large"}, says("ccc", "cc")},
      {{"http.expect_continue"}, status_is(417)},
      {{"http.lower_case_headers"}, status_is(200)},
      {{"http.after_event"}, turns(200, 500)},
      {{"http.after_dry_run"}, turns(200, 500)},
      {{"http.after_error"}, turns(404, 200)},
      {{"http.head"}, status_is(500, "ping")},
      {{"http.unknown_path"}, status_is(200)},
      {{"http.wrong_method"}, status_is(200)},

      {{"environment.function"}, says("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION")},
      {{"environment.function"}, says(R"("128")", R"("lots")")},
      {{"environment.log"}, says("/aws/lambda/probe", "/aws/lambda/other")},
      {{"environment.region"}, says("us-east-1", "eu-west-1")},
      {{"environment.paths"}, says("LD_LIBRARY_PATH", "LD_LIBRARY")},
      {{"environment.handler"}, says("_HANDLER", "_HANDLES")},
      {{"environment.locale"}, says(":UTC", "UTC")},
      {{"environment.credentials"}, says("AWS_SESSION_TOKEN", "AWS_TOKEN")},
      {{"environment.initialization_type"}, says("on-demand", "always")},
      {{"environment.runtime_api"}, says("127.0.0.1:9001", "localhost:9001")},
      {{"environment.execution_env"}, says("AWS_LAMBDA_RUNTIME_API", "AWS_EXECUTION_ENV")},
      {{"environment.folder"}, says(R"("cwd":"/var/task")", R"("cwd":"/")")},
      {{"environment.tmp"}, says(R"("tmp_writable":true)", R"("tmp_writable":false)")},
      {{"environment.kept"}, {}, {"always cold"}},
      {{"environment.tmp_kept"}, says(R"("text":"here")", R"("text":null)")},
      {{"environment.request_id"}, header_is("x-amzn-RequestId", "00000000-0000-4000-8000-00000000dead")},
      {{"environment.function_arn"}, says(":function:probe", ":probe")},
      {{"environment.deadline"}, says(R"("received_ms":)", R"("received_ms":9)")},
      {{"environment.deadline"}, says(R"("Timeout":3)", R"("Timeout":30)")},
      {{"environment.trace_id"}, says("Root=1-", "1-")},
      {{"environment.client_context"}, says("lambda-runtime-client-context", "other")},
      {{"environment.client_context"}, says("é", "e")},
      {{"environment.no_client_context"}, says("lambda-runtime-trace-id", "lambda-runtime-client-context")},

      {{"log.init_when_cold"}, logs("\tInit Duration: 9.50 ms", "")},
      {{"log.no_init_when_warm"},
       logs("\tMax Memory Used: 12 MB\t", "\tMax Memory Used: 12 MB\tInit Duration: 9.50 ms\t")},
      {{"log.start"}, logs("START RequestId: 0", "START RequestId: 1")},
      {{"log.end"}, logs("END RequestId: ", "END Request: ")},
      {{"log.report"}, logs("Billed Duration", "Billing Duration")},
      {{"log.report"}, logs("\tDuration: 1.25 ms", "\tDuration: 1.2 ms")},
      {{"log.order"}, logs("between\n", "")},
      {{"log.memory_size"}, logs("Memory Size: 128 MB", "Memory Size: 512 MB")},
      {{"log.memory_size"}, logs("Max Memory Used: 12 MB", "Max Memory Used: 0 MB")},
      {{"log.billed"}, logs("Billed Duration: 11 ms", "Billed Duration: 100 ms")},
      {{"log.duration"}, logs("\tDuration: 301.25 ms", "\tDuration: 0.25 ms")},
      {{"log.peak_memory"}, logs("Max Memory Used: 60 MB", "Max Memory Used: 12 MB")},

      {{"runtime.next"}, says("lambda-runtime-deadline-ms", "deadline")},
      {{"runtime.next"}, says("application/json", "text/plain")},
      {{"runtime.accepted"}, says(R"("status":202)", R"("status":200)")},
      {{"runtime.wrong_id"}, says(R"("status":400)", R"("status":202)")},
      {{"runtime.wrong_id"}, says("InvalidRequestID", "Invalid")},
      {{"runtime.second_answer"}, says(R"("status":403)", R"("status":202)")},
      {{"runtime.second_answer"}, body_is(R"("second")", "answer_twice")},
      {{"runtime.late_init_error"}, says(R"("status":403)", R"("status":202)")},
      {{"runtime.unknown_path"}, says(R"("status":404)", R"("status":200)")},
      {{"runtime.too_large"}, says(R"("status":413)", R"("status":202)")},

      {{"concurrency.parallel"}, says(R"("end_ms":)", R"("end_ms":0,"was":)")},
      {{"concurrency.parallel"}, status_is(429)},
      {{"concurrency.environments"}, says(R"("instance":")", R"("instance":"one","was":")")},
      {{"concurrency.own_answers"}, says(R"("number":3)", R"("number":4)")},
      {{"concurrency.throttled"}, turns(429, 503)},
      {{"concurrency.throttled"}, says("Rate Exceeded.", "Too Many Requests")},
      {{"concurrency.limit"}, status_is(429)},

      {{"errors.not_found"}, says("Message", "message")},
      {{"errors.not_found"}, says("User", "Service")},
      {{"errors.not_found"}, type_is("ResourceNotFound")},
      {{"errors.not_found"}, says("Function not found: arn:aws:lambda", "no function arn:aws:lambda")},
      {{"errors.no_such_version"}, says(":99999", "")},
      {{"errors.no_such_alias"}, type_is("")},
      {{"errors.invalid_json"}, status_is(200)},
      {{"errors.invalid_json"}, says("Could not parse request body into json: ", "no JSON: ")},
      {{"errors.cut_json"}, type_is("InvalidParameterValueException")},
      {{"errors.binary_event"}, status_is(500)},
      {{"errors.invalid_utf8"}, says("message", "Message")},
      {{"errors.invocation_type"}, status_is(200)},
      {{"errors.name_pattern"}, status_is(404)},
      {{"errors.qualifiers_differ"}, status_is(404)},
      {{"errors.client_context_base64"}, status_is(200)},
      {{"errors.client_context_json"}, status_is(200)},
      {{"errors.too_large"}, status_is(400)},
      {{"errors.too_large"}, says("6291456", "6000000")},
      {{"errors.too_large_asynchronous"}, says("1048576", "262144")},
      {{"errors.function_error"}, header_is("X-Amz-Function-Error", "Handled")},
      {{"errors.function_error"}, header_is("X-Amz-Executed-Version", "")},
      {{"errors.function_error_bytes"}, says(R"({ "error)", R"({"error)")},
      {{"errors.function_error_without_type"}, header_is("X-Amz-Function-Error", "")},
      {{"errors.function_error_keeps_environment"}, {}, {"always cold"}},
      {{"errors.response_too_large"}, says("Function.ResponseSizeTooLarge", "Runtime.ExitError")},
      {{"errors.largest_response"}, says("xxx", "xx")},

      {{"crashes.exit_0"}, says("without providing a reason", "with error: exit status 0")},
      {{"crashes.exit_1"}, says("Runtime.ExitError", "Runtime.Exit")},
      {{"crashes.exit_1"}, says("RequestId: ", "")},
      {{"crashes.exit_127"}, says("exit status 127", "exit status 1")},
      {{"crashes.signal"}, status_is(502)},
      {{"crashes.memory"}, body_is(R"({"allocated_mb":256})")},
      {{"crashes.error_members"}, says("{", R"({"stackTrace":[],)")},
      {{"crashes.restart"}, {}, {"survives"}},
      {{"crashes.neighbour"}, header_is("X-Amz-Function-Error", "Unhandled", "sleep")},
      {{"crashes.timeout"}, says("Sandbox.Timedout", "Timeout")},
      {{"crashes.timeout"}, says("3.00 seconds", "30.00 seconds")},
      {{"crashes.timeout"}, says("3.00 seconds", "3 seconds")},
      {{"crashes.timeout_in_the_log"}, logs("Status: timeout", "")},
      {{"crashes.timeout_restart"}, {}, {"survives"}},
      {{"crashes.timeout_keeps_tmp"}, {}, {"loses tmp"}},

      {{"functions.create"}, says("CodeSha256", "Sha256")},
      {{"functions.create"}, status_is(200)},
      {{"functions.active"}, says("Active", "Failed")},
      {{"functions.get"}, refuses("GET", "/conform-t1-probe", 501)},
      {{"functions.get"}, says("S3", "disk")},
      {{"functions.get_configuration"}, says("RevisionId", "Revision")},
      {{"functions.get_by_arn"}, refuses("GET", "/configuration", 404)},
      {{"functions.list"}, says(R"("FunctionName":"conform-t1-probe")", R"("FunctionName":"other")")},
      {{"functions.invoke"}, says(R"("marker":"one")", R"("marker":"")")},
      {{"functions.create_again"}, turns(409, 400)},
      {{"functions.create_without_zip"}, turns(400, 201)},
      {{"functions.create_with_long_name"}, turns(400, 201)},
      {{"functions.get_missing"}, says("Message", "message")},
      {{"functions.update_missing"}, turns(404, 200)},
      {{"functions.delete_missing"}, turns(404, 204)},
      {{"functions.update_configuration"}, says(R"("MemorySize":256)", R"("MemorySize":128)")},
      {{"functions.update_configuration"}, says("Successful", "Failed")},
      {{"functions.update_configuration", "functions.updated_environment"},
       says(R"("variable":"two")", R"("variable":"one")")},
      {{"functions.wrong_revision"}, turns(412, 200)},
      {{"functions.bad_memory"}, turns(400, 200)},
      {{"functions.reserved_zero"}, turns(429, 200)},
      {{"functions.reserved_zero"}, refuses("DELETE", "/concurrency", 501)},
      {{"functions.init_error"}, says("Probe.InitError", "Runtime.ExitError")},

      {{"versions.publish"}, says(R"("Version":"1")", R"("Version":"$LATEST")")},
      {{"versions.publish", "versions.publish_unchanged"}, {}, {"always publishes"}},
      {{"versions.update_code"}, says("CodeSha256", "Sha256")},
      {{"versions.update_code", "versions.new_code"}, says(R"("marker":"two")", R"("marker":"one")")},
      {{"versions.publish", "versions.update_code", "versions.old_code"},
       says(R"("marker":"one")", R"("marker":"two")")},
      {{"versions.publish", "versions.old_code"}, header_is("X-Amz-Executed-Version", "$LATEST")},
      {{"versions.publish", "versions.publish_second"}},  // nothing has changed in between
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.list"},
       says(R"("Version":"$LATEST")", R"("Version":"0")")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias"},
       says("AliasArn", "Arn")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.alias_again"},
       turns(409, 201)},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.alias_of_digits"},
       status_is(201)},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.alias_of_nothing"},
       turns(404, 201)},
      {{"versions.missing_alias"}, says("Cannot find alias", "no alias")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias", "versions.get_alias"},
       refuses("GET", "/aliases", 501)},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.invoke_alias"},
       says(":live\"", "\"", "ping")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias", "versions.weights"},
       header_is("X-Amz-Executed-Version", "1")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.weight_back"},
       header_is("X-Amz-Executed-Version", "1")},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias", "versions.bad_weight"},
       turns(400, 200)},
      {{"versions.publish", "versions.update_code", "versions.publish_second", "versions.alias",
        "versions.delete_alias"},
       refuses("DELETE", "/live", 200)},

      {{"faces.url"}, says("FunctionUrl\"", "Url\"")},
      {{"faces.url", "faces.url_again"}, turns(409, 201)},
      {{"faces.url", "faces.get_url"}, says("BUFFERED", "STREAM")},
      {{"faces.url", "faces.bad_url"}, refuses("PUT", "/url", 200)},
      {{"faces.url", "faces.delete_url"}, refuses("DELETE", "/url", 200)},
      {{"faces.mapping"}, says("UUID", "Id")},
      {{"faces.mapping", "faces.get_mapping"}, says("Disabled", "Enabled")},
      {{"faces.mapping", "faces.update_mapping"}, says(R"("BatchSize":7)", R"("BatchSize":5)")},
      {{"faces.missing_mapping"}, turns(404, 200)},
      {{"faces.mapping", "faces.delete_mapping"}, says("Deleting", "Deleted")},
      {{"versions.publish", "faces.delete_version"}, refuses("DELETE", "/conform-t1-probe", 200)},
      {{"faces.delete_function"}, refuses("DELETE", "/conform-t1-probe", 202)},
  };
}

TEST_CASE("a Lambda that is wrong in one way fails the row that asks for it") {
  std::set<std::string_view> covered;
  for (const Wrong& wrong : wrong_lambdas()) {
    const FakeLambda host(wrong.spoil, wrong.faults);
    const Finding finding = asked(host, wrong.rows);
    INFO(wrong.rows.back() << ": expected " << finding.expected << ", got " << finding.got << ", because "
                           << finding.reason);
    CHECK(finding.verdict == Verdict::fail);
    CHECK(finding.expected != "");
    CHECK(finding.got != "");
    covered.insert(wrong.rows.back());
  }
  for (const RowGroup& group : row_groups()) {
    for (const Row& row : group.rows) {
      INFO(row.id);
      CHECK((covered.contains(row.id) || group.name == "batch"));
    }
  }
}

TEST_CASE("what a queue makes of answers is told by what the function was given") {
  struct Case {
    const char* fault;
    std::set<std::string> failing;
  };
  for (const Case& each : std::vector<Case>{
           {"", {}},
           {"delivers nothing", {"batch.delivered", "batch.partial", "batch.function_error", "batch.unknown_id"}},
           {"delivers once", {"batch.partial", "batch.function_error", "batch.unknown_id"}},
           {"delivers all again", {"batch.partial"}}}) {
    const TemporaryFolder folder;
    const std::string queue = folder.path("queue");
    const FakeLambda host({}, {each.fault}, queue);
    Options options = options_for(host);
    options.feed = "{ cat; echo; } >> '" + queue + "'";
    options.row_timeout = std::chrono::seconds(2);
    options.groups = {"batch"};
    const Scorecard card = score(options, [](const ScoredRow&) {});
    std::set<std::string> failing;
    for (const ScoredRow& scored : card.rows) {
      if (scored.finding.verdict == Verdict::fail) failing.insert(std::string(scored.row->id));
    }
    INFO(each.fault);
    CHECK(failing == each.failing);
    CHECK(card.count(Verdict::pass) == 4 - each.failing.size());
  }
}

}  // namespace
}  // namespace textlambda::conform
