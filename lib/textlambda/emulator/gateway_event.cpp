#include "textlambda/emulator/gateway_event.h"

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;  // names may repeat

std::string_view raw_path(const ServerRequest& request) {
  const std::string_view target = request.target;
  return target.substr(0, target.find('?'));
}

std::string_view raw_query(const ServerRequest& request) {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  return question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

// HTTP APIs alone decode a path, and end it where a question mark comes out.
std::string decoded_path(const ServerRequest& request) {
  const std::string path = encoding::uri_decoded(raw_path(request));
  return path.substr(0, path.find('?'));
}

// In the order of the request.
Pairs query_pairs(std::string_view query, bool decode) {
  Pairs pairs;
  encoding::each_parameter(query, [&](const encoding::Parameter& one) {
    pairs.emplace_back(decode ? encoding::percent_decoded(one.name) : std::string(one.name),
                       decode ? encoding::percent_decoded(one.value) : std::string(one.value));
    return true;
  });
  return pairs;
}

// The port that a client meant, as X-Forwarded-Port has it.
std::string port_of(const GatewayConfig& gateway, std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    return std::string(host.substr(colon + 1));
  }
  return gateway.scheme == "https" ? "443" : "80";
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What belongs to the connection with the client stays there. REST APIs hold back the length too.
bool is_passed_on(GatewayKind kind, std::string_view lower_name) {
  if (is_one_of(lower_name, {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
                             "upgrade", "expect", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"})) {
    return false;
  }
  return kind != GatewayKind::rest_api || lower_name != "content-length";
}

// REST APIs leave the case of names to the client, but for two.
std::string spelled(GatewayKind kind, const std::string& name) {
  const std::string lower = http::lower_case(name);
  if (kind != GatewayKind::rest_api) return lower;
  if (lower == "authorization") return "Authorization";
  return lower == "user-agent" ? "User-Agent" : name;
}

// The client's headers, with what a gateway adds of the way that the request has come.
Pairs header_pairs(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  Pairs headers;
  for (const http::Header& header : request.headers) {
    if (!is_passed_on(gateway.kind, http::lower_case(header.name))) continue;
    headers.emplace_back(spelled(gateway.kind, header.name), header.value);
  }
  const auto add = [&](const char* name, std::string value) {
    headers.emplace_back(gateway.kind == GatewayKind::rest_api ? name : http::lower_case(name), std::move(value));
  };
  if (request.header("X-Amzn-Trace-Id").empty()) add("X-Amzn-Trace-Id", arrival.trace_id);
  const std::string_view before = request.header("X-Forwarded-For");
  add("X-Forwarded-For", before.empty() ? arrival.source_ip : std::string(before) + ", " + arrival.source_ip);
  add("X-Forwarded-Port", port_of(gateway, request.header("Host")));
  add("X-Forwarded-Proto", gateway.scheme);
  return headers;
}

Json joined_values(const Pairs& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) {
    if (const auto known = object.find(name); known != object.end()) {
      known->get_ref<std::string&>() += "," + value;
    } else {
      object[name] = value;
    }
  }
  return object;
}

Json last_values(const Pairs& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) object[name] = value;
  return object;
}

Json all_values(const Pairs& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) object[name].push_back(value);
  return object;
}

Json null_if_empty(Json value) { return value.empty() ? Json() : std::move(value); }

// What all gateways but REST APIs take for text. Forms are not among it.
bool is_text_type(std::string_view content_type) {
  const std::string type = http::lower_case(text::trimmed(content_type.substr(0, content_type.find(';'))));
  return type.starts_with("text/") ||
         is_one_of(type, {"application/json", "application/javascript", "application/xml"});
}

struct EventBody {
  std::string text;
  bool base64 = false;
};

// What is no UTF-8 cannot stand in an event as text, whatever its type says.
EventBody event_body(const GatewayConfig& gateway, const ServerRequest& request) {
  if (request.body.empty()) return {};
  const std::string_view type = request.header("Content-Type");
  bool base64 = !is_text_type(type) || !request.header("Content-Encoding").empty() ||
                text::valid_utf8_prefix(request.body) != request.body.size();
  if (gateway.kind == GatewayKind::rest_api) base64 = matches_media_type(type, gateway.binary_media_types);
  return {base64 ? encoding::encode_base64(request.body) : request.body, base64};
}

std::string day_and_time(const Arrival& arrival) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(arrival.time);
  return fmt::format("{:%d/%b/%Y:%H:%M:%S} +0000", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::int64_t arrival_ms(const Arrival& arrival) {
  return std::chrono::floor<std::chrono::milliseconds>(arrival.time.time_since_epoch()).count();
}

std::string domain_prefix(const GatewayConfig& gateway) { return gateway.domain.substr(0, gateway.domain.find('.')); }

// A key of the account itself stands for whoever signed.
Json iam_authorizer(const GatewayConfig& gateway, const GatewayCaller& caller) {
  return {{"accessKey", caller.access_key_id}, {"accountId", gateway.account},
          {"callerId", gateway.account},       {"cognitoIdentity", nullptr},
          {"principalOrgId", nullptr},         {"userArn", "arn:aws:iam::" + gateway.account + ":root"},
          {"userId", gateway.account}};
}

Json event_v2(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  const bool url = gateway.kind == GatewayKind::function_url;
  Pairs headers = header_pairs(gateway, request, arrival);
  Json cookies = Json::array();
  for (const auto& [name, value] : headers) {
    if (name != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view cookie = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), cookie.size() + 1));
      if (const std::string_view plain = text::trimmed(cookie); !plain.empty()) cookies.push_back(plain);
    }
  }
  std::erase_if(headers, [](const auto& header) { return header.first == "cookie"; });
  const std::string path = url ? std::string(raw_path(request)) : decoded_path(request);
  const Pairs query = query_pairs(raw_query(request), true);
  EventBody body = event_body(gateway, request);

  // A URL that anybody may call does not say whose it is.
  Json context = {{"accountId", url && !arrival.caller ? "anonymous" : gateway.account},
                  {"apiId", domain_prefix(gateway)}};
  if (arrival.caller) context["authorizer"] = {{"iam", iam_authorizer(gateway, *arrival.caller)}};
  context["domainName"] = gateway.domain;
  context["domainPrefix"] = domain_prefix(gateway);
  context["http"] = {{"method", request.method},
                     {"path", path},
                     {"protocol", "HTTP/1.1"},
                     {"sourceIp", arrival.source_ip},
                     {"userAgent", request.header("User-Agent")}};
  context["requestId"] = arrival.request_id;
  context["routeKey"] = "$default";
  context["stage"] = "$default";
  context["time"] = day_and_time(arrival);
  context["timeEpoch"] = arrival_ms(arrival);

  Json event = {
      {"version", "2.0"}, {"routeKey", "$default"}, {"rawPath", path}, {"rawQueryString", raw_query(request)}};
  if (!cookies.empty()) event["cookies"] = std::move(cookies);
  event["headers"] = joined_values(headers);
  if (!query.empty()) event["queryStringParameters"] = joined_values(query);
  event["requestContext"] = std::move(context);
  if (!body.text.empty()) event["body"] = std::move(body.text);
  event["isBase64Encoded"] = body.base64;
  return event;
}

Json identity_v1(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  Json identity = {{"accessKey", nullptr},
                   {"accountId", nullptr},
                   {"caller", nullptr},
                   {"cognitoAuthenticationProvider", nullptr},
                   {"cognitoAuthenticationType", nullptr},
                   {"cognitoIdentityId", nullptr},
                   {"cognitoIdentityPoolId", nullptr},
                   {"principalOrgId", nullptr},
                   {"sourceIp", arrival.source_ip},
                   {"user", nullptr},
                   {"userAgent", nullptr},
                   {"userArn", nullptr}};
  if (const std::string_view agent = request.header("User-Agent"); !agent.empty()) identity["userAgent"] = agent;
  if (arrival.caller) {
    const Json iam = iam_authorizer(gateway, *arrival.caller);
    identity["accessKey"] = iam["accessKey"];
    identity["accountId"] = iam["accountId"];
    identity["caller"] = iam["callerId"];
    identity["user"] = iam["userId"];
    identity["userArn"] = iam["userArn"];
  }
  return identity;
}

// A REST API of a proxy resource {proxy+} below the root, and a method for the root itself; an HTTP API of the one
// route $default.
Json event_v1(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  const bool rest = gateway.kind == GatewayKind::rest_api;
  const std::string path = rest ? std::string(raw_path(request)) : decoded_path(request);
  const std::string stage = rest ? gateway.stage : "$default";
  const bool root = path.empty() || path == "/";
  const std::string resource = !rest ? "$default" : root ? "/" : "/{proxy+}";
  const Pairs headers = header_pairs(gateway, request, arrival);
  const Pairs query = query_pairs(raw_query(request), true);
  EventBody body = event_body(gateway, request);

  const Json context = {{"accountId", gateway.account},
                        {"apiId", domain_prefix(gateway)},
                        {"domainName", gateway.domain},
                        {"domainPrefix", domain_prefix(gateway)},
                        {"extendedRequestId", encoding::encode_base64(arrival.request_id.substr(0, 11))},
                        {"httpMethod", request.method},
                        {"identity", identity_v1(gateway, request, arrival)},
                        {"path", rest ? "/" + stage + path : path},
                        {"protocol", "HTTP/1.1"},
                        {"requestId", arrival.request_id},
                        {"requestTime", day_and_time(arrival)},
                        {"requestTimeEpoch", arrival_ms(arrival)},
                        {"resourceId", !rest  ? "$default"
                                       : root ? "root00"
                                              : "proxy0"},
                        {"resourcePath", resource},
                        {"stage", stage}};

  Json event = Json::object();
  if (!rest) event["version"] = "1.0";
  event["resource"] = resource;
  event["path"] = path;
  event["httpMethod"] = request.method;
  event["headers"] = last_values(headers);
  event["multiValueHeaders"] = all_values(headers);
  event["queryStringParameters"] = null_if_empty(last_values(query));
  event["multiValueQueryStringParameters"] = null_if_empty(all_values(query));
  event["requestContext"] = context;
  event["pathParameters"] = nullptr;
  if (rest && !root) {
    const std::size_t end = path.ends_with('/') ? path.size() - 2 : path.size() - 1;
    event["pathParameters"] = {{"proxy", path.substr(1, end)}};
  }
  event["stageVariables"] = nullptr;
  event["body"] = body.text.empty() ? Json() : Json(std::move(body.text));
  event["isBase64Encoded"] = body.base64;
  return event;
}

// A load balancer decodes nothing of a query.
Json event_of_load_balancer(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  const Pairs headers = header_pairs(gateway, request, arrival);
  const Pairs query = query_pairs(raw_query(request), false);
  EventBody body = event_body(gateway, request);
  const std::string target_group = "arn:aws:elasticloadbalancing:" + gateway.region + ":" + gateway.account +
                                   ":targetgroup/" + domain_prefix(gateway) + "/6d0ecf831eec9f09";
  Json event = {{"requestContext", {{"elb", {{"targetGroupArn", target_group}}}}},
                {"httpMethod", request.method},
                {"path", raw_path(request)}};
  if (gateway.multi_value_headers) {
    event["multiValueQueryStringParameters"] = all_values(query);
    event["multiValueHeaders"] = all_values(headers);
  } else {
    event["queryStringParameters"] = last_values(query);
    event["headers"] = last_values(headers);
  }
  event["body"] = std::move(body.text);
  event["isBase64Encoded"] = body.base64;
  return event;
}

Json event_of(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  switch (gateway.kind) {
    case GatewayKind::function_url:
    case GatewayKind::http_api:
      return event_v2(gateway, request, arrival);
    case GatewayKind::http_api_v1:
    case GatewayKind::rest_api:
      return event_v1(gateway, request, arrival);
    case GatewayKind::load_balancer:
      return event_of_load_balancer(gateway, request, arrival);
  }
  return {};
}

}  // namespace

std::string gateway_event(const GatewayConfig& gateway, const ServerRequest& request, const Arrival& arrival) {
  return event_of(gateway, request, arrival).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool matches_media_type(std::string_view content_type, const std::vector<std::string>& media_types) {
  const std::string type = http::lower_case(text::trimmed(content_type.substr(0, content_type.find(';'))));
  return std::any_of(media_types.begin(), media_types.end(), [&](const std::string& each) {
    const std::string wanted = http::lower_case(each);
    if (wanted == "*/*") return true;
    if (wanted.ends_with("/*")) return type.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
    return !type.empty() && wanted == type;
  });
}

}  // namespace textlambda::emulator
