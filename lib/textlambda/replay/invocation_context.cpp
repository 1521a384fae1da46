#include "textlambda/replay/invocation_context.h"

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/replay/excerpt.h"

namespace textlambda::replay {
namespace {

nlohmann::json context_of(const recording::Recording& recording) {
  nlohmann::json context;
  json::parse(*recording.context, json::Limits().depth, context);
  return context;
}

// A string as it is, an object as its JSON.
std::string member(const nlohmann::json& context, const char* name) {
  const auto found = context.find(name);
  if (found == context.end() || found->is_null()) return "";
  if (found->is_string()) return found->get<std::string>();
  return json::compact(*found);
}

}  // namespace

lambda::Invocation invocation_of(const recording::Recording& recording) {
  lambda::Invocation invocation;
  invocation.event = recording.event;
  if (!recording.context) return invocation;
  const nlohmann::json context = context_of(recording);
  if (!context.is_object()) return invocation;
  invocation.request_id = member(context, "request_id");
  invocation.function_arn = member(context, "function_arn");
  invocation.trace_id = member(context, "trace_id");
  invocation.client_context = member(context, "client_context");
  invocation.cognito_identity = member(context, "cognito_identity");
  return invocation;
}

std::string context_fault(const recording::Recording& recording) {
  if (!recording.context) return "";
  const nlohmann::json context = context_of(recording);
  return context.is_object() || context.is_null()
             ? ""
             : "\"context\" is " + excerpt(*recording.context) + ", expected an object";
}

}  // namespace textlambda::replay
