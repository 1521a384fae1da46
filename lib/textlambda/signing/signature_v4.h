// AWS Signature Version 4: what a client adds to a request, and how the signature comes about.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
// Pure functions, thread-safe: the time is a parameter.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/http/message.h"
#include "textlambda/signing/canonical.h"
#include "textlambda/signing/timestamp.h"

namespace textlambda::signing {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kDateHeader = "X-Amz-Date";
inline constexpr std::string_view kTokenHeader = "X-Amz-Security-Token";
// The body's SHA-256 in hexadecimal digits, or kUnsignedPayload.
inline constexpr std::string_view kContentHashHeader = "X-Amz-Content-Sha256";
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
// What a presigned URL may be good for at most.
inline constexpr std::chrono::seconds kLongestExpiry{604'800};

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
};

// What a signature is good for, besides its day.
struct Scope {
  std::string region;   // us-east-1
  std::string service;  // lambda
};

// The headers to add to a request whose own headers have Host among them: X-Amz-Date, X-Amz-Security-Token where there
// is a token, Authorization. All of its headers are signed but those that proxies change on the way. The body is signed
// unless a header X-Amz-Content-Sha256 of the request says otherwise.
std::vector<http::Header> signature_headers(const RequestView& request, const Credentials& credentials,
                                            const Scope& scope, Moment now);

// The target of a request that holds its signature itself, for as long as `expiry` (at most kLongestExpiry). The
// headers that `request` has are signed; Host is enough, and has to be there.
std::string presigned_target(const RequestView& request, const Credentials& credentials, const Scope& scope, Moment now,
                             std::chrono::seconds expiry);

// The steps of it. `payload_hash` is the body's SHA-256 in hexadecimal digits, or kUnsignedPayload; `signed_names` are
// canonical names.
std::string canonical_request(const RequestView& request, std::string_view service, std::string_view canonical_query,
                              const std::vector<std::string>& signed_names, std::string_view payload_hash);
std::string credential_scope(std::string_view time, const Scope& scope);  // 20150830/us-east-1/lambda/aws4_request
std::string string_to_sign(std::string_view time, const Scope& scope, std::string_view canonical_request);
std::string signature(std::string_view time, const Scope& scope, std::string_view secret_access_key,
                      std::string_view canonical_request);
// Of a request whose header X-Amz-Content-Sha256 is not asked.
std::string body_hash(std::string_view body);

}  // namespace textlambda::signing
