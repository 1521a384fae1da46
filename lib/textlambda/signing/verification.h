// AWS Signature Version 4: whether a request was signed by who holds a key, and what AWS says where it was not.
// Pure functions, thread-safe: the time is a parameter.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "textlambda/http/message.h"
#include "textlambda/signing/signature_v4.h"

namespace textlambda::signing {

// How far a client's clock may be off.
inline constexpr std::chrono::minutes kClockSkew{5};

enum class Fault {
  none,
  missing_token,        // nothing is signed
  incomplete,           // what is there of a signature is not one
  unrecognized_client,  // nobody has that access key, or that session token
  invalid_signature,    // of something else, with another key, or for another scope
  expired,
  not_yet_current,
};

struct Verdict {
  Fault fault = Fault::none;
  std::string message;        // AWS's own words; empty for none
  std::string access_key_id;  // whose it is, where there is no fault
};

// The signature stands in the header Authorization, with X-Amz-Date or Date beside it, or in the query (X-Amz-…). It
// covers the body, unless X-Amz-Content-Sha256 says that it does not. `scope.region` empty: any region. A key of
// `keys` with a session token takes that token only, and one without takes none.
Verdict verify(const RequestView& request, std::span<const Credentials> keys, const Scope& scope, Moment now);

// The error's name on the wire, "InvalidSignatureException"; not of Fault::none. The status is 403 for all.
std::string_view type_of(Fault fault);

// What Lambda's API answers: status 403, x-amzn-ErrorType, {"message":"…"}.
http::Response refusal(const Verdict& verdict);

}  // namespace textlambda::signing
