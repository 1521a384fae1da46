#include "textlambda/signing/signature_v4.h"

#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/encoding/hex.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/signing/digest.h"

namespace textlambda::signing {
namespace {

constexpr std::string_view kTerminator = "aws4_request";
constexpr std::size_t kDateCharacters = 8;  // of a time's 20150830T123600Z

// What libraries leave out: a proxy, or the client's own transport, writes them anew.
bool is_signed(std::string_view canonical_name) {
  constexpr std::array<std::string_view, 6> kLeftOut = {"authorization",     "connection", "expect",
                                                        "transfer-encoding", "user-agent", "x-amzn-trace-id"};
  return std::find(kLeftOut.begin(), kLeftOut.end(), canonical_name) == kLeftOut.end();
}

std::vector<std::string> signed_names_of(const std::vector<http::Header>& headers) {
  std::vector<std::string> names;
  names.reserve(headers.size());
  for (const http::Header& header : headers) names.push_back(header.name);
  names = canonical_names(std::move(names));
  std::erase_if(names, [](const std::string& name) { return !is_signed(name); });
  return names;
}

std::string payload_hash_of(const RequestView& request) {
  const std::string_view said = http::find_header(request.headers, kContentHashHeader);
  return said.empty() ? body_hash(request.body) : std::string(said);
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += '&';
  query.append(name).append("=").append(encoding::percent_encoded(value));
}

}  // namespace

std::string body_hash(std::string_view body) { return encoding::sha256_hex(body); }

std::string canonical_request(const RequestView& request, std::string_view service, std::string_view canonical_query,
                              const std::vector<std::string>& signed_names, std::string_view payload_hash) {
  std::string text(request.method);
  text.append("\n").append(canonical_path(path_of(request.target), service));
  text.append("\n").append(canonical_query);
  text.append("\n").append(canonical_headers(request.headers, signed_names));
  text.append("\n").append(joined(signed_names, ';'));
  text.append("\n").append(payload_hash);
  return text;
}

std::string credential_scope(std::string_view time, const Scope& scope) {
  std::string text(time.substr(0, kDateCharacters));
  text.append("/").append(scope.region).append("/").append(scope.service).append("/").append(kTerminator);
  return text;
}

std::string string_to_sign(std::string_view time, const Scope& scope, std::string_view canonical_request) {
  std::string text(kAlgorithm);
  text.append("\n").append(time);
  text.append("\n").append(credential_scope(time, scope));
  text.append("\n").append(encoding::sha256_hex(canonical_request));
  return text;
}

std::string signature(std::string_view time, const Scope& scope, std::string_view secret_access_key,
                      std::string_view canonical_request) {
  std::string key = hmac_sha256("AWS4" + std::string(secret_access_key), time.substr(0, kDateCharacters));
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  key = hmac_sha256(key, kTerminator);
  return encoding::to_hex(hmac_sha256(key, string_to_sign(time, scope, canonical_request)));
}

std::vector<http::Header> signature_headers(const RequestView& request, const Credentials& credentials,
                                            const Scope& scope, Moment now) {
  const std::string time = timestamp(now);
  std::vector<http::Header> added = {{std::string(kDateHeader), time}};
  if (!credentials.session_token.empty()) added.push_back({std::string(kTokenHeader), credentials.session_token});
  std::vector<http::Header> headers = request.headers;
  headers.insert(headers.end(), added.begin(), added.end());
  const std::vector<std::string> names = signed_names_of(headers);
  const RequestView whole = {request.method, request.target, headers, request.body};
  const std::string canonical = canonical_request(whole, scope.service, canonical_query(query_of(request.target)),
                                                  names, payload_hash_of(request));
  std::string value(kAlgorithm);
  value.append(" Credential=").append(credentials.access_key_id).append("/").append(credential_scope(time, scope));
  value.append(", SignedHeaders=").append(joined(names, ';'));
  value.append(", Signature=").append(signature(time, scope, credentials.secret_access_key, canonical));
  added.push_back({"Authorization", std::move(value)});
  return added;
}

std::string presigned_target(const RequestView& request, const Credentials& credentials, const Scope& scope, Moment now,
                             std::chrono::seconds expiry) {
  const std::string time = timestamp(now);
  const std::vector<std::string> names = signed_names_of(request.headers);
  std::string query(query_of(request.target));
  append_parameter(query, "X-Amz-Algorithm", kAlgorithm);
  append_parameter(query, "X-Amz-Credential", credentials.access_key_id + "/" + credential_scope(time, scope));
  append_parameter(query, kDateHeader, time);
  append_parameter(query, "X-Amz-Expires", std::to_string(expiry.count()));
  append_parameter(query, "X-Amz-SignedHeaders", joined(names, ';'));
  if (!credentials.session_token.empty()) append_parameter(query, kTokenHeader, credentials.session_token);
  const std::string canonical =
      canonical_request(request, scope.service, canonical_query(query), names, payload_hash_of(request));
  append_parameter(query, "X-Amz-Signature", signature(time, scope, credentials.secret_access_key, canonical));
  return std::string(path_of(request.target)) + "?" + query;
}

}  // namespace textlambda::signing
