#include "textlambda/signing/verification.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "textlambda/encoding/sha256.h"
#include "textlambda/json/write.h"
#include "textlambda/signing/digest.h"

namespace textlambda::signing {
namespace {

constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";
constexpr std::string_view kUnknownToken = "The security token included in the request is invalid.";

// What a request says of its signature.
struct Claim {
  bool in_query = false;
  std::string credential;                 // KEY/DATE/REGION/SERVICE/aws4_request
  std::vector<std::string> signed_names;  // canonical
  std::string signature;
  std::string time;  // 20150830T123600Z
  std::string session_token;
  std::chrono::seconds expiry{};  // in a query alone
};

Verdict found(Fault fault, std::string message) { return {fault, std::move(message), {}}; }

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// A header is told by its hash: it may be a secret of another kind that stands where no signature does.
std::string hashed(std::string_view header) { return encoding::sha256_base64(header); }

// Date's form is another than X-Amz-Date's.
std::string time_of(const RequestView& request) {
  if (const std::string_view time = http::find_header(request.headers, kDateHeader); !time.empty())
    return std::string(time);
  const std::string_view date = http::find_header(request.headers, "Date");
  const std::optional<Moment> moment = parse_http_date(date);
  return moment ? timestamp(*moment) : std::string(date);
}

Verdict read_header(const RequestView& request, std::string_view authorization, Claim& claim) {
  std::string_view rest = authorization;
  const bool right_scheme = rest.starts_with(kAlgorithm) && rest.substr(kAlgorithm.size()).starts_with(" ");
  if (right_scheme) rest.remove_prefix(kAlgorithm.size());
  std::string names;
  for (const std::string& part : split(rest, ',')) {
    const std::string_view pair = without_blanks(part);
    const std::size_t equals = pair.find('=');
    if (!right_scheme || (equals == std::string_view::npos && !pair.empty())) {
      return found(Fault::incomplete,
                   "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and "
                   "encoded with Base64): '" +
                       hashed(authorization) + "'.");
    }
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value = pair.empty() ? pair : pair.substr(equals + 1);
    if (key == "Credential") claim.credential = value;
    if (key == "SignedHeaders") names = value;
    if (key == "Signature") claim.signature = value;
  }
  claim.time = time_of(request);
  std::string missing;
  if (claim.credential.empty()) missing += "Authorization header requires 'Credential' parameter. ";
  if (claim.signature.empty()) missing += "Authorization header requires 'Signature' parameter. ";
  if (names.empty()) missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (claim.time.empty()) {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) {
    return found(Fault::incomplete,
                 missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" + hashed(authorization));
  }
  claim.signed_names = canonical_names(split(names, ';'));
  claim.session_token = http::find_header(request.headers, kTokenHeader);
  return {};
}

Verdict read_query(std::string_view query, Claim& claim) {
  std::string missing;
  for (const std::string_view name :
       {std::string_view("X-Amz-Algorithm"), std::string_view("X-Amz-Credential"), std::string_view("X-Amz-Signature"),
        std::string_view("X-Amz-SignedHeaders"), kDateHeader, std::string_view("X-Amz-Expires")}) {
    if (query_value(query, name).empty()) {
      missing.append("AWS query-string parameters must include '").append(name).append("'. ");
    }
  }
  if (!missing.empty()) return found(Fault::incomplete, missing + "Re-examine the query-string parameters.");
  if (query_value(query, "X-Amz-Algorithm") != kAlgorithm) {
    return found(Fault::incomplete, "Unsupported AWS 'algorithm': '" + query_value(query, "X-Amz-Algorithm") + "'.");
  }
  const std::string expiry = query_value(query, "X-Amz-Expires");
  long long seconds = 0;
  const auto [end, error] = std::from_chars(expiry.data(), expiry.data() + expiry.size(), seconds);
  if (error != std::errc() || end != expiry.data() + expiry.size() || seconds < 0) {
    return found(Fault::incomplete, "X-Amz-Expires should be a number");
  }
  if (seconds > kLongestExpiry.count()) {
    return found(Fault::incomplete,
                 "X-Amz-Expires must be less than a week (in seconds); i.e., the given X-Amz-Expires must be less "
                 "than 604800 seconds");
  }
  claim.in_query = true;
  claim.credential = query_value(query, "X-Amz-Credential");
  claim.signature = query_value(query, "X-Amz-Signature");
  claim.signed_names = canonical_names(split(query_value(query, "X-Amz-SignedHeaders"), ';'));
  claim.time = query_value(query, kDateHeader);
  claim.session_token = query_value(query, kTokenHeader);
  claim.expiry = std::chrono::seconds(seconds);
  return {};
}

Verdict read_claim(const RequestView& request, Claim& claim) {
  const std::string_view query = query_of(request.target);
  if (const std::string_view authorization = http::find_header(request.headers, "Authorization");
      !authorization.empty()) {
    return read_header(request, authorization, claim);
  }
  if (has_query_name(query, "X-Amz-Signature") || has_query_name(query, "X-Amz-Algorithm")) {
    return read_query(query, claim);
  }
  return found(Fault::missing_token, "Missing Authentication Token");
}

// Leaves the parts of the credential in `parts`.
Verdict check_scope(const Claim& claim, const Scope& scope, std::vector<std::string>& parts) {
  parts = split(claim.credential, '/');
  if (parts.size() != 5) {
    return found(Fault::incomplete,
                 "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                     claim.credential + "'");
  }
  std::string faults;
  if (parts[1] != std::string_view(claim.time).substr(0, parts[1].size()) || parts[1].size() != 8) {
    faults += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" + parts[1] +
              "' != '" + claim.time.substr(0, 8) + "', from '" + claim.time + "'. ";
  }
  if (!scope.region.empty() && parts[2] != scope.region) {
    faults += "Credential should be scoped to a valid region, not '" + parts[2] + "'. ";
  }
  if (parts[3] != scope.service) {
    faults += "Credential should be scoped to correct service: '" + scope.service + "'. ";
  }
  if (parts[4] != "aws4_request") {
    faults += "Credential should be scoped with a valid terminator: 'aws4_request', not '" + parts[4] + "'. ";
  }
  if (std::find(claim.signed_names.begin(), claim.signed_names.end(), "host") == claim.signed_names.end()) {
    faults += "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization. ";
  }
  if (!faults.empty()) return found(Fault::invalid_signature, faults.substr(0, faults.size() - 1));
  return {};
}

std::string in_words(std::chrono::seconds time) {
  return time.count() % 60 == 0 ? std::to_string(time.count() / 60) + " min." : std::to_string(time.count()) + " s.";
}

Verdict check_time(const Claim& claim, Moment now) {
  const std::optional<Moment> signed_at = parse_timestamp(claim.time);
  if (!signed_at) {
    return found(Fault::incomplete, "Date must be in ISO-8601 'basic format'. Got '" + claim.time +
                                        "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  if (*signed_at > now + kClockSkew) {
    return found(Fault::not_yet_current, "Signature not yet current: " + claim.time + " is still later than " +
                                             timestamp(now + kClockSkew) + " (" + timestamp(now) + " + 5 min.)");
  }
  const std::chrono::seconds allowed = claim.in_query ? claim.expiry : kClockSkew;
  if (*signed_at >= now - allowed) return {};
  return found(Fault::expired, "Signature expired: " + claim.time + " is now earlier than " + timestamp(now - allowed) +
                                   " (" + timestamp(now) + " - " + in_words(allowed) + ")");
}

// Of a body that was changed on the way it is another than the one that was signed.
std::string verified_payload_hash(const RequestView& request) {
  if (http::find_header(request.headers, kContentHashHeader) == kUnsignedPayload) return std::string(kUnsignedPayload);
  return body_hash(request.body);
}

}  // namespace

Verdict verify(const RequestView& request, std::span<const Credentials> keys, const Scope& scope, Moment now) {
  Claim claim;
  if (Verdict verdict = read_claim(request, claim); verdict.fault != Fault::none) return verdict;
  std::vector<std::string> parts;
  if (Verdict verdict = check_scope(claim, scope, parts); verdict.fault != Fault::none) return verdict;
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const Credentials& each) { return each.access_key_id == parts[0]; });
  if (key == keys.end() || !same_secret(key->session_token, claim.session_token)) {
    return found(Fault::unrecognized_client, std::string(kUnknownToken));
  }
  if (Verdict verdict = check_time(claim, now); verdict.fault != Fault::none) return verdict;
  const std::string canonical = canonical_request(
      request, scope.service, canonical_query(query_of(request.target), claim.in_query ? "X-Amz-Signature" : ""),
      claim.signed_names, verified_payload_hash(request));
  const std::string calculated = signature(claim.time, {parts[2], parts[3]}, key->secret_access_key, canonical);
  if (!same_secret(calculated, claim.signature)) return found(Fault::invalid_signature, std::string(kMismatch));
  return {Fault::none, {}, key->access_key_id};
}

std::string_view type_of(Fault fault) {
  switch (fault) {
    case Fault::none:
      break;
    case Fault::missing_token:
      return "MissingAuthenticationTokenException";
    case Fault::incomplete:
      return "IncompleteSignatureException";
    case Fault::unrecognized_client:
      return "UnrecognizedClientException";
    case Fault::invalid_signature:
    case Fault::expired:
    case Fault::not_yet_current:
      return "InvalidSignatureException";
  }
  return "";
}

http::Response refusal(const Verdict& verdict) {
  std::string body = "{\"message\":";
  json::append_string(body, verdict.message);
  return {.status = 403,
          .headers = {{"Content-Type", "application/json"}, {"x-amzn-ErrorType", std::string(type_of(verdict.fault))}},
          .body = body + "}"};
}

}  // namespace textlambda::signing
