// What is told of requests that were not signed by who they say. The wordings are AWS's own, as clients have met them.
#include "textlambda/signing/verification.h"

#include <functional>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda;
using namespace textlambda::signing;

namespace {

const std::vector<Credentials> kKeys = {{"AKIAFIRST", "first-secret", ""},
                                        {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""},
                                        {"ASIATEMPORARY", "temporary-secret", "the-token"}};
const Scope kScope = {"us-east-1", "lambda"};
constexpr Moment kNow{std::chrono::seconds(1440938160)};  // 20150830T123600Z

constexpr const char* kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";

struct Signed {
  std::string method = "POST";
  std::string target = "/2015-03-31/functions/classify/invocations?Qualifier=live";
  std::vector<http::Header> headers = {{"Host", "127.0.0.1:9001"}, {"Content-Type", "application/json"}};
  std::string body = R"({"text":"good film"})";

  RequestView view() const { return {method, target, headers, body}; }
  std::string& header(const std::string& name) {
    for (http::Header& each : headers) {
      if (each.name == name) return each.value;
    }
    headers.push_back({name, ""});
    return headers.back().value;
  }
  void replace(const std::string& old, const std::string& by) {
    std::string& value = header("Authorization");
    value.replace(value.find(old), old.size(), by);
  }
};

Signed signed_request(const Credentials& credentials = kKeys[1], Moment at = kNow, const Scope& scope = kScope) {
  Signed request;
  const std::vector<http::Header> added = signature_headers(request.view(), credentials, scope, at);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  return request;
}

}  // namespace

TEST_CASE("a request that was signed with a key is its holder's") {
  for (const Credentials& key : kKeys) {
    const Verdict verdict = verify(signed_request(key).view(), kKeys, kScope, kNow);
    CHECK(verdict.message == "");
    CHECK(verdict.fault == Fault::none);
    CHECK(verdict.access_key_id == key.access_key_id);
  }
  Signed other = signed_request(kKeys[0], kNow, {"eu-central-1", "lambda"});
  CHECK(verify(other.view(), kKeys, kScope, kNow).fault == Fault::invalid_signature);
  CHECK(verify(other.view(), kKeys, {"", "lambda"}, kNow).fault == Fault::none);  // any region
}

TEST_CASE("what a client may write in another way") {
  Signed request = signed_request();
  request.header("Authorization").append(" ");
  request.replace(", SignedHeaders", ",SignedHeaders");
  for (http::Header& header : request.headers) {
    if (header.name == "Host") header.name = "hOST";
    if (header.name == "Content-Type") header.value = "  application/json ";
  }
  request.headers.push_back({"X-Added-By-A-Proxy", "1"});
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == "");
}

TEST_CASE("a request that was changed, or signed otherwise, is told to be") {
  using Change = std::function<void(Signed&)>;
  const struct {
    const char* name;
    Change change;
    Fault fault;
    std::string message;
  } cases[] = {
      {"nothing is signed", [](Signed& r) { r.headers.resize(2); }, Fault::missing_token,
       "Missing Authentication Token"},
      {"an empty header", [](Signed& r) { r.header("Authorization").clear(); }, Fault::missing_token,
       "Missing Authentication Token"},
      {"the body", [](Signed& r) { r.body += ' '; }, Fault::invalid_signature, kMismatch},
      {"the method", [](Signed& r) { r.method = "PUT"; }, Fault::invalid_signature, kMismatch},
      {"the path", [](Signed& r) { r.target.insert(5, "x"); }, Fault::invalid_signature, kMismatch},
      {"the query", [](Signed& r) { r.target += "&a=1"; }, Fault::invalid_signature, kMismatch},
      {"a header that is signed", [](Signed& r) { r.header("Content-Type") = "text/plain"; }, Fault::invalid_signature,
       kMismatch},
      {"a header that is signed and gone", [](Signed& r) { r.headers.erase(r.headers.begin() + 1); },
       Fault::invalid_signature, kMismatch},
      {"the host", [](Signed& r) { r.header("Host") = "127.0.0.1:9002"; }, Fault::invalid_signature, kMismatch},
      {"the moment", [](Signed& r) { r.header("X-Amz-Date") = "20150830T123601Z"; }, Fault::invalid_signature,
       kMismatch},
      {"the signature's last digit",
       [](Signed& r) {
         char& last = r.header("Authorization").back();
         last = last == '0' ? '1' : '0';
       },
       Fault::invalid_signature, kMismatch},
      {"a signature cut short", [](Signed& r) { r.header("Authorization").pop_back(); }, Fault::invalid_signature,
       kMismatch},
      {"another key's name", [](Signed& r) { r.replace("AKIDEXAMPLE", "AKIAFIRST"); }, Fault::invalid_signature,
       kMismatch},
      {"a key that nobody has", [](Signed& r) { r.replace("AKIDEXAMPLE", "AKIANOBODY"); }, Fault::unrecognized_client,
       "The security token included in the request is invalid."},
      {"a token with a key that has none", [](Signed& r) { r.header("X-Amz-Security-Token") = "the-token"; },
       Fault::unrecognized_client, "The security token included in the request is invalid."},
      {"a body that is said not to be signed",
       [](Signed& r) {
         r.headers.push_back({"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"});
       },
       Fault::invalid_signature, kMismatch},
      {"the region", [](Signed& r) { r.replace("us-east-1", "us-west-2"); }, Fault::invalid_signature,
       "Credential should be scoped to a valid region, not 'us-west-2'."},
      {"the service", [](Signed& r) { r.replace("/lambda/", "/s3/"); }, Fault::invalid_signature,
       "Credential should be scoped to correct service: 'lambda'."},
      {"the terminator", [](Signed& r) { r.replace("aws4_request", "aws5_request"); }, Fault::invalid_signature,
       "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."},
      {"the day", [](Signed& r) { r.replace("20150830/", "20150829/"); }, Fault::invalid_signature,
       "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != "
       "'20150830', from '20150830T123600Z'."},
      {"the host is not signed", [](Signed& r) { r.replace("host;", ""); }, Fault::invalid_signature,
       "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
      {"a credential of four parts", [](Signed& r) { r.replace("/us-east-1/", "/"); }, Fault::incomplete,
       "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
       "'AKIDEXAMPLE/20150830/lambda/aws4_request'"},
      {"no moment that is one", [](Signed& r) { r.header("X-Amz-Date") = "20150830"; }, Fault::incomplete,
       "Date must be in ISO-8601 'basic format'. Got '20150830'. See http://en.wikipedia.org/wiki/ISO_8601"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.name);
    Signed request = signed_request();
    test.change(request);
    const Verdict verdict = verify(request.view(), kKeys, kScope, kNow);
    CHECK(verdict.fault == test.fault);
    CHECK(verdict.message == test.message);
    CHECK(verdict.access_key_id == "");
  }
}

// The hash is base64 of SHA-256: printf '%s' VALUE | openssl dgst -sha256 -binary | base64
TEST_CASE("what stands in Authorization and is no signature") {
  const struct {
    const char* authorization;
    std::string message;
  } cases[] = {
      {"Bearer abc",
       "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
       "Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='."},
      {"AWS4-HMAC-SHA256 Credential",
       "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
       "Base64): 'KfSoC26UaBDGXxo5AUFS45c1cmAbyLKDOxOTKcZYWt4='."},
      {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/lambda/aws4_request, SignedHeaders=host",
       "Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and encoded with Base64) "
       "Authorization=ZbwBcjR17K36Nyzd5kjrzBNeY4PisLJhzQmPwHZxxE8="},
      {"AWS4-HMAC-SHA256 ",
       "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
       "Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded with Base64) "
       "Authorization=CiYVUkvqEFxnqOZfl+qKLWniec690XZ/NzTormsckxs="},
  };
  for (const auto& test : cases) {
    CAPTURE(test.authorization);
    Signed request = signed_request();
    request.header("Authorization") = test.authorization;
    const Verdict verdict = verify(request.view(), kKeys, kScope, kNow);
    CHECK(verdict.fault == Fault::incomplete);
    CHECK(verdict.message == test.message);
  }
  Signed undated = signed_request();
  undated.header("X-Amz-Date").clear();
  CHECK(verify(undated.view(), kKeys, kScope, kNow)
            .message.starts_with("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                                 "(Hashed with SHA-256 and encoded with Base64) Authorization="));
}

TEST_CASE("a signature is good for five minutes around its moment") {
  const struct {
    int seconds;  // that it was signed after now
    Fault fault;
    const char* message;
  } cases[] = {
      {-300, Fault::none, ""},
      {300, Fault::none, ""},
      {-301, Fault::expired,
       "Signature expired: 20150830T123059Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 min.)"},
      {301, Fault::not_yet_current,
       "Signature not yet current: 20150830T124101Z is still later than 20150830T124100Z (20150830T123600Z + 5 min.)"},
      {-86400, Fault::expired,
       "Signature expired: 20150829T123600Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 min.)"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.seconds);
    const Signed request = signed_request(kKeys[1], kNow + std::chrono::seconds(test.seconds));
    const Verdict verdict = verify(request.view(), kKeys, kScope, kNow);
    CHECK(verdict.fault == test.fault);
    CHECK(verdict.message == test.message);
  }
}

TEST_CASE("the Date header stands in for X-Amz-Date") {
  Signed request;
  request.headers.push_back({"Date", "Sun, 30 Aug 2015 12:36:00 GMT"});
  const std::vector<std::string> names = {"date", "host"};
  const std::string canonical =
      canonical_request(request.view(), "lambda", canonical_query("Qualifier=live"), names, body_hash(request.body));
  request.headers.push_back({"Authorization",
                             "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/lambda/aws4_request, "
                             "SignedHeaders=date;host, Signature=" +
                                 signature("20150830T123600Z", kScope, kKeys[1].secret_access_key, canonical)});
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == "");
  CHECK(verify(request.view(), kKeys, kScope, kNow + std::chrono::minutes(6)).fault == Fault::expired);
}

TEST_CASE("a body that is signed as unsigned may be any") {
  Signed request;
  request.headers.push_back({"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"});
  const std::vector<http::Header> added = signature_headers(request.view(), kKeys[1], kScope, kNow);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == "");
  request.body = "another";
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == "");
}

TEST_CASE("a hash that is not the body's does not help") {
  Signed request;
  request.headers.push_back({"X-Amz-Content-Sha256", body_hash(request.body)});
  const std::vector<http::Header> added = signature_headers(request.view(), kKeys[1], kScope, kNow);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == "");
  request.body = "another";
  CHECK(verify(request.view(), kKeys, kScope, kNow).message == kMismatch);
}

TEST_CASE("presigned targets are good until they expire, and for nothing else") {
  using Change = std::function<void(Signed&)>;
  const auto cut = [](Signed& r, const std::string& old, const std::string& by) {
    r.target.replace(r.target.find(old), old.size(), by);
  };
  const struct {
    const char* name;
    int seconds;  // that pass before it is used
    Change change;
    Fault fault;
    std::string message;
  } cases[] = {
      {"at once", 0, [](Signed&) {}, Fault::none, ""},
      {"at its end", 600, [](Signed&) {}, Fault::none, ""},
      {"after its end", 601, [](Signed&) {}, Fault::expired,
       "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124601Z - 10 min.)"},
      {"before its time", -301, [](Signed&) {}, Fault::not_yet_current,
       "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"},
      {"another path", 0, [](Signed& r) { r.target.insert(1, "x"); }, Fault::invalid_signature, kMismatch},
      {"another parameter", 0, [](Signed& r) { r.target += "&more=1"; }, Fault::invalid_signature, kMismatch},
      {"a longer time", 0, [&](Signed& r) { cut(r, "Expires=600", "Expires=900"); }, Fault::invalid_signature,
       kMismatch},
      {"more than a week", 0, [&](Signed& r) { cut(r, "Expires=600", "Expires=604801"); }, Fault::incomplete,
       "X-Amz-Expires must be less than a week (in seconds); i.e., the given X-Amz-Expires must be less than 604800 "
       "seconds"},
      {"no number", 0, [&](Signed& r) { cut(r, "Expires=600", "Expires=6m"); }, Fault::incomplete,
       "X-Amz-Expires should be a number"},
      {"no time at all", 0, [&](Signed& r) { cut(r, "X-Amz-Expires=600&", ""); }, Fault::incomplete,
       "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-string parameters."},
      {"another algorithm", 0, [&](Signed& r) { cut(r, "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"); }, Fault::incomplete,
       "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."},
  };
  for (const auto& test : cases) {
    CAPTURE(test.name);
    Signed request;
    request.headers.resize(1);
    request.target = presigned_target(request.view(), kKeys[1], kScope, kNow, std::chrono::seconds(600));
    test.change(request);
    const Verdict verdict = verify(request.view(), kKeys, kScope, kNow + std::chrono::seconds(test.seconds));
    CHECK(verdict.fault == test.fault);
    CHECK(verdict.message == test.message);
  }
}

TEST_CASE("refusals on the wire, as Lambda's API writes them") {
  Signed request = signed_request();
  request.body = "{}";
  const http::Response response = refusal(verify(request.view(), kKeys, kScope, kNow));
  CHECK(response.status == 403);
  CHECK(response.header("x-amzn-ErrorType") == "InvalidSignatureException");
  CHECK(response.header("Content-Type") == "application/json");
  CHECK(response.body.size() == 192);  // as a client has met it
  CHECK(response.body == std::string("{\"message\":\"") + kMismatch + "\"}");
  CHECK(refusal({Fault::incomplete, "a \"quote\"\n", {}}).body == R"({"message":"a \"quote\"\n"})");
  CHECK(type_of(Fault::missing_token) == "MissingAuthenticationTokenException");
  CHECK(type_of(Fault::incomplete) == "IncompleteSignatureException");
  CHECK(type_of(Fault::unrecognized_client) == "UnrecognizedClientException");
  CHECK(type_of(Fault::expired) == "InvalidSignatureException");
  CHECK(type_of(Fault::not_yet_current) == "InvalidSignatureException");
}
