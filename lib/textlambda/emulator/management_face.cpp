#include "textlambda/emulator/management_face.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/function_json.h"
#include "textlambda/emulator/management_request.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/document.h"

namespace textlambda::emulator {
namespace {

std::vector<std::string> path_segments(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) segments.push_back(encoding::uri_decoded(path.substr(0, end)));
    path.remove_prefix(end);
  }
  return segments;
}

}  // namespace

double epoch_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) / 1000.0;
}

nlohmann::json page_of(std::string_view target, const char* name, const std::vector<std::string>& keys,
                       nlohmann::json&& items, std::size_t most) {
  std::size_t wanted = most;
  if (const auto text = query_value(target, "MaxItems")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), wanted);
    if (error != std::errc() || end != text->data() + text->size() || wanted < 1 || wanted > 10000) {
      throw_validation(*text, "maxItems", "have value between 1 and 10000");
    }
    wanted = std::min(wanted, most);
  }
  std::size_t begin = 0;
  if (const auto marker = query_value(target, "Marker"); marker && !marker->empty()) {
    const auto found = std::find(keys.begin(), keys.end(), *marker);
    if (found == keys.end()) throw_invalid_value("Invalid marker");
    begin = static_cast<std::size_t>(found - keys.begin());
  }
  const std::size_t end = std::min(begin + wanted, keys.size());
  nlohmann::json page = nlohmann::json::array();
  for (std::size_t i = begin; i < end; ++i) page.push_back(std::move(items[i]));
  nlohmann::json result = {{name, std::move(page)}};
  if (end < keys.size()) result["NextMarker"] = keys[end];
  return result;
}

ManagementFace::ManagementFace(Registry& registry, ManagementSettings settings)
    : registry_(registry), settings_(std::move(settings)) {}

http::Response ManagementFace::answer(const ServerRequest& wire) {
  try {
    if (wire.body_too_large) {
      throw ApiError(413, "RequestEntityTooLargeException",
                     fmt::format("Request must be smaller than {} bytes for this operation", kMostManagementBytes));
    }
    Json body = Json::object();
    if (!wire.body.empty() && (!json::parse(wire.body, 100, body) || !body.is_object())) {
      throw ApiError(400, "SerializationException", "the body is no JSON object");
    }
    return route({.wire = wire, .path = path_segments(wire.target), .named = {}, .body = body});
  } catch (const ApiError& error) {
    return error_response(error);
  }
}

http::Response ManagementFace::route(const Request& request) {
  const std::vector<std::string>& path = request.path;
  const auto at = [&](std::size_t i) { return i < path.size() ? std::string_view(path[i]) : std::string_view(); };
  if (at(1) == "functions" && path.size() == 2) {
    if (request.is("POST")) return create_function(request);
    if (request.is("GET")) return list_functions(request);
  } else if (at(1) == "functions") {
    return route_function(request);
  } else if (at(1) == "event-source-mappings") {
    return path.size() == 2 ? mappings(request) : mapping(request, path[2]);
  } else if (at(1) == "tags" && path.size() == 3) {
    return tags(request, path[2]);
  } else if (at(1) == "account-settings" && request.is("GET")) {
    return account_settings();
  } else if (at(0) == "_textlambda" && at(1) == "code" && request.is("GET")) {
    return fetch_code(request);
  }
  throw_not_built(request.wire.method + " " + request.wire.target.substr(0, request.wire.target.find('?')));
}

http::Response ManagementFace::route_function(const Request& taken) {
  Request request = taken;
  const std::vector<std::string>& path = request.path;
  request.named = named_function(path[2], request.wire.target);
  const std::string_view verb = path.size() > 3 ? std::string_view(path[3]) : std::string_view();
  const bool is_leaf = path.size() <= 4;
  if (path.size() == 3) {
    if (request.is("GET")) return get_function(request, false);
    if (request.is("DELETE")) return delete_function(request);
  } else if (verb == "configuration" && is_leaf) {
    if (request.is("GET")) return get_function(request, true);
    if (request.is("PUT")) return update_configuration(request);
  } else if (verb == "code" && is_leaf && request.is("PUT")) {
    return update_code(request);
  } else if (verb == "versions" && is_leaf) {
    if (request.is("GET")) return list_versions(request);
    if (request.is("POST")) return publish_version(request);
  } else if (verb == "aliases" && is_leaf) {
    if (request.is("GET")) return list_aliases(request);
    if (request.is("POST")) return create_alias(request);
  } else if (verb == "aliases" && path.size() == 5) {
    if (request.is("GET")) return get_alias(request, path[4]);
    if (request.is("PUT")) return update_alias(request, path[4]);
    if (request.is("DELETE")) return delete_alias(request, path[4]);
  } else if (verb == "concurrency" && is_leaf) {
    return concurrency(request);
  } else if (verb == "url" && is_leaf) {
    return url(request);
  } else if (verb == "urls" && is_leaf && request.is("GET")) {
    return list_urls(request);
  } else if (verb == "policy" && is_leaf) {
    return policy(request);
  } else if (verb == "policy" && path.size() == 5 && request.is("DELETE")) {
    return remove_permission(request, path[4]);
  } else if (verb == "event-invoke-config" && is_leaf) {
    return event_invoke_config(request);
  } else if (verb == "event-invoke-config" && path.size() == 5 && path[4] == "list" && request.is("GET")) {
    return list_event_invoke_configs(request);
  }
  throw_not_built(request.wire.method + " " + request.wire.target.substr(0, request.wire.target.find('?')));
}

RegisteredFunction& ManagementFace::registered(const Request& request) {
  RegisteredFunction* const function = registry_.find(request.named.name);
  if (function == nullptr) {
    throw_not_found("Function not found: " + registry_.arn(request.named.name, request.named.qualifier));
  }
  return *function;
}

std::shared_ptr<const Function> ManagementFace::version_of(const Request& request) {
  const std::optional<Resolved> resolved = registry_.resolve(request.named.name, request.named.qualifier, 1.0);
  if (!resolved) {
    throw_not_found("Function not found: " + registry_.arn(request.named.name, request.named.qualifier));
  }
  return resolved->function;
}

void ManagementFace::demand_settled(const Request& request, const RegisteredFunction& function) const {
  if (function.is_settled()) return;
  const std::string arn = registry_.arn(request.named.name);
  if (function.is_new) {
    throw_conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: "
        "Pending");
  }
  throw_conflict("The operation cannot be performed at this time. An update is in progress for resource: " + arn);
}

void ManagementFace::changed() const {
  if (settings_.changed) settings_.changed();
}

}  // namespace textlambda::emulator
