// The group "environment": what a function finds in its process, and that the process is kept.
#include <array>
#include <initializer_list>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/row.h"

namespace textlambda::conform::running {
namespace {

using Json = nlohmann::json;

// The variables of the function's process; a pattern each. Empty: it is not to be there.
struct Variable {
  const char* name;
  std::string pattern;
};
Finding variables(Session& session, const std::string& expected, std::initializer_list<Variable> wanted) {
  Judge judge(expected);
  const Json answer = judge.answered(session.invoke(command("environment")));
  const Json& there = member_of(answer, "variables");
  for (const Variable& variable : wanted) {
    const bool is_there = there.contains(variable.name);
    if (variable.pattern.empty()) {
      judge.that(!is_there, fmt::format("{}={}", variable.name, string_of(there, variable.name)));
    } else {
      judge.that(is_there, fmt::format("no {}", variable.name));
      judge.matches(variable.name, string_of(there, variable.name), variable.pattern);
    }
  }
  return judge.finding();
}

Finding function_variables(Session& session) {
  return variables(session, "AWS_LAMBDA_FUNCTION_NAME, _VERSION, _MEMORY_SIZE",
                   {{"AWS_LAMBDA_FUNCTION_NAME", session.bare_name()},
                    {"AWS_LAMBDA_FUNCTION_VERSION", R"(\$LATEST|[0-9]+)"},
                    {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "[1-9][0-9]{2,4}"}});
}
Finding log_variables(Session& session) {
  return variables(
      session, "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/NAME, and a stream",
      {{"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + session.bare_name()}, {"AWS_LAMBDA_LOG_STREAM_NAME", ".+"}});
}
Finding region_variables(Session& session) {
  const std::string& arn = session.probe().function_arn;
  const std::size_t begin = std::string_view("arn:aws:lambda:").size();
  const std::string region =
      arn.starts_with("arn:aws:lambda:") ? arn.substr(begin, arn.find(':', begin) - begin) : "[a-z0-9-]+";
  return variables(session, "AWS_REGION and AWS_DEFAULT_REGION, that of the ARN",
                   {{"AWS_REGION", region}, {"AWS_DEFAULT_REGION", region}});
}
Finding path_variables(Session& session) {
  return variables(session, "LAMBDA_TASK_ROOT, LAMBDA_RUNTIME_DIR, PATH, LD_LIBRARY_PATH",
                   {{"LAMBDA_TASK_ROOT", "/.+"},
                    {"LAMBDA_RUNTIME_DIR", "/.+"},
                    {"PATH", "(.*:)?/.*"},
                    {"LD_LIBRARY_PATH", ".*/.*"}});
}
Finding handler_variable(Session& session) { return variables(session, "_HANDLER", {{"_HANDLER", ".+"}}); }
Finding locale_variables(Session& session) {
  return variables(session, "TZ=:UTC, LANG", {{"TZ", ":UTC"}, {"LANG", ".+"}});
}
Finding credential_variables(Session& session) {
  const std::string set = R"(\(set\))";
  return variables(session, "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN are set",
                   {{"AWS_ACCESS_KEY_ID", set}, {"AWS_SECRET_ACCESS_KEY", set}, {"AWS_SESSION_TOKEN", set}});
}
Finding initialization_variable(Session& session) {
  return variables(
      session, "AWS_LAMBDA_INITIALIZATION_TYPE: on-demand, or what else there is",
      {{"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand|provisioned-concurrency|snap-start|lambda-managed-instances"}});
}
Finding runtime_api_variable(Session& session) {
  return variables(session, "AWS_LAMBDA_RUNTIME_API: an IP address and a port",
                   {{"AWS_LAMBDA_RUNTIME_API", R"((([0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9a-f:]+\]):[0-9]{1,5}(/.*)?)"}});
}
Finding execution_variable(Session& session) {
  if (session.probe().is_bootstrap()) {
    return variables(session, "no AWS_EXECUTION_ENV: a runtime of the system alone has none",
                     {{"AWS_EXECUTION_ENV", ""}});
  }
  return variables(session, "AWS_EXECUTION_ENV=AWS_Lambda_nodejsN.x",
                   {{"AWS_EXECUTION_ENV", R"(AWS_Lambda_nodejs[0-9]+\.x)"}});
}

Finding folder(Session& session) {
  Judge judge("it starts in LAMBDA_TASK_ROOT");
  const Json answer = judge.answered(session.invoke(command("environment")));
  return judge
      .equal("working directory", member_of(answer, "cwd"),
             member_of(member_of(answer, "variables"), "LAMBDA_TASK_ROOT"))
      .finding();
}

Finding tmp(Session& session) {
  Judge judge("files can be written in /tmp");
  const Json answer = judge.answered(session.invoke(command("environment")));
  return judge.equal("writable", member_of(answer, "tmp_writable"), true).finding();
}

// Several tries: a host may have more than one environment to choose from.
Finding kept(Session& session) {
  Judge judge("the next event finds the process with what it knew");
  const std::string mark = session.unique("warm");
  bool found = false;
  for (int i = 0; i < 8 && !found && !judge.decided(); ++i) {
    const Json before = judge.answered(session.invoke(command("state", {{"mark", mark}})));
    const Json after = judge.answered(session.invoke(command("state")));
    found = member_of(before, "instance") == member_of(after, "instance") &&
            number_of(after, "count") > number_of(before, "count") && member_of(after, "remembered").contains(mark);
  }
  return judge.that(found, "a new process each time").finding();
}

Finding tmp_kept(Session& session) {
  Judge judge("a file of /tmp is there for the next event");
  const std::string name = session.unique("file");
  std::string text;
  for (int i = 0; i < 8 && text.empty() && !judge.decided(); ++i) {
    judge.answered(session.invoke(command("tmp_write", {{"name", name}, {"text", "here"}})));
    text = string_of(judge.answered(session.invoke(command("tmp_read", {{"name", name}, {"remove", 1}}))), "text");
  }
  return judge.equal("text", text, "here").finding();
}

Finding request_id(Session& session) {
  Judge judge("the function's request id is that of x-amzn-RequestId");
  const http::Response answer = session.invoke(command("headers"));
  const Json headers = member_of(judge.answered(answer), "headers");
  return judge
      .equal("request id", member_of(headers, "lambda-runtime-aws-request-id"),
             std::string(answer.header("x-amzn-RequestId")))
      .finding();
}

Finding function_arn(Session& session) {
  Judge judge("arn:aws:lambda:REGION:ACCOUNT:function:NAME");
  const Json headers = member_of(judge.answered(session.invoke(command("headers"))), "headers");
  return judge
      .matches("ARN", string_of(headers, "lambda-runtime-invoked-function-arn"),
               "arn:aws[a-z-]*:lambda:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?")
      .finding();
}

Finding deadline(Session& session) {
  Judge judge("the deadline is the moment of the event and the function's timeout, in milliseconds since 1970");
  const Json answer = judge.answered(session.invoke(command("headers")));
  const std::string told = string_of(member_of(answer, "headers"), "lambda-runtime-deadline-ms");
  judge.matches("deadline", told, "[0-9]{13}");
  if (judge.decided()) return judge.finding();
  const double left = std::stod(told) - number_of(answer, "received_ms");
  judge.that(left > 0 && left <= 900'000, fmt::format("{} ms from then", left));
  // What the host says of the function, where it does.
  const http::Response response = session.management("GET", function_path(session.function(), "/configuration"));
  if (response.status != 200) return judge.finding();
  const double timeout = number_of(judge.json(response, 200), "Timeout") * 1000;
  return judge
      .that(timeout == 0 || (left <= timeout + 100 && left > timeout - 2000),
            fmt::format("{} ms from then, Timeout {} ms", left, timeout))
      .finding();
}

Finding trace_id(Session& session) {
  Judge judge("Root=1-EPOCH-96 BITS");
  const Json headers = member_of(judge.answered(session.invoke(command("headers"))), "headers");
  return judge
      .matches("trace id", string_of(headers, "lambda-runtime-trace-id"), "Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;.*)?")
      .finding();
}

// {"client":{"app":"é"},"custom":{"a":1}}, in base64 of its UTF-8.
constexpr const char* kClientContext = "eyJjbGllbnQiOnsiYXBwIjoiw6kifSwiY3VzdG9tIjp7ImEiOjF9fQ==";

Finding client_context(Session& session) {
  Judge judge("the function has the caller's client context, decoded");
  const Json answer = judge.answered(session.invoke(command("headers"), {.client_context = kClientContext}));
  const std::string text = string_of(member_of(answer, "headers"), "lambda-runtime-client-context");
  const Json context = Json::parse(text.size() < 4096 ? text : "", nullptr, false);
  judge.that(!context.is_discarded(), text.empty() ? "none" : text);
  const Json wanted = {{"client", {{"app", "é"}}}, {"custom", {{"a", 1}}}};
  return judge.equal("client context", context, wanted).finding();
}

Finding no_client_context(Session& session) {
  Judge judge("none where the caller sent none");
  const Json headers = member_of(judge.answered(session.invoke(command("headers"))), "headers");
  return judge.equal("client context", member_of(headers, "lambda-runtime-client-context"), Json()).finding();
}

constexpr auto kRows = std::to_array<Row>({
    {"environment.function", "variables that name the function", source::kVariables, function_variables},
    {"environment.log", "variables that name its log", source::kVariables, log_variables},
    {"environment.region", "variables of the region", source::kVariables, region_variables},
    {"environment.paths", "variables of folders", source::kVariables, path_variables},
    {"environment.handler", "the handler's name", source::kVariables, handler_variable},
    {"environment.locale", "time zone and language", source::kVariables, locale_variables},
    {"environment.credentials", "credentials", source::kVariables, credential_variables},
    {"environment.initialization_type", "how it was initialised", source::kVariables, initialization_variable},
    {"environment.runtime_api", "where the Runtime API is", source::kRuntimeApi, runtime_api_variable},
    {"environment.execution_env", "the runtime's name", source::kVariables, execution_variable},
    {"environment.folder", "the working directory", source::kRecorded, folder},
    {"environment.tmp", "/tmp", source::kRuntimeEnvironment, tmp},
    {"environment.kept", "a warm environment", source::kRuntimeEnvironment, kept},
    {"environment.tmp_kept", "/tmp of a warm environment", source::kRuntimeEnvironment, tmp_kept},
    {"environment.request_id", "the request's id as the function has it", source::kRuntimeApi, request_id},
    {"environment.function_arn", "the function's ARN as it has it", source::kRuntimeApi, function_arn},
    {"environment.deadline", "the deadline as the function has it", source::kRuntimeApi, deadline},
    {"environment.trace_id", "the trace as the function has it", source::kRuntimeApi, trace_id},
    {"environment.client_context", "the client context as the function has it", source::kRuntimeApi, client_context},
    {"environment.no_client_context", "the client context of a call without", source::kRuntimeApi, no_client_context},
});

}  // namespace
}  // namespace textlambda::conform::running

namespace textlambda::conform {

std::span<const Row> environment_rows() { return running::kRows; }

}  // namespace textlambda::conform
