// Signs random requests, the same ones with each seed, and writes them with their signatures as JSON Lines, for
// check_signatures.py. Usage: sign_samples COUNT SEED
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/signing/signature_v4.h"

namespace {

using namespace textlambda;

class Samples {
 public:
  explicit Samples(unsigned seed) : random_(seed) {}

  nlohmann::json next() {
    const bool s3 = below(2) == 0;
    const signing::Scope scope{pick({"us-east-1", "eu-central-1", "ap-southeast-2"}), s3 ? "s3" : "lambda"};
    const signing::Credentials credentials{"AKIDEXAMPLE", text(40, "abcXYZ019+/"),
                                           below(2) == 0 ? text(60, "abc+/=") : ""};
    const std::string method = pick({"GET", "PUT", "POST", "DELETE", "HEAD"});
    std::string target;
    for (std::size_t segments = below(5); segments > 0; --segments) {
      target += "/" + (s3 ? encoding::percent_encoded(awkward(12)) : encoding::percent_encoded(awkward(12), ":"));
    }
    if (target.empty() || below(3) == 0) target += "/";
    char separator = '?';
    for (std::size_t parameters = below(4); parameters > 0; --parameters) {
      target += separator + encoding::percent_encoded(awkward(6) + "p") + "=" + encoding::percent_encoded(awkward(8));
      separator = '&';
    }
    const std::string body = method == "PUT" || method == "POST" ? awkward(300) : "";
    std::vector<http::Header> headers = {{"Host", pick({"bucket.s3.eu-central-1.amazonaws.com", "127.0.0.1:9001"})}};
    if (below(2) == 0) headers.push_back({"Content-Type", "application/json"});
    if (below(2) == 0) headers.push_back({"X-Amz-Meta-Odd", "  two  blanks,and " + text(9, "a b")});
    if (below(2) == 0) headers.push_back({"If-Match", "\"" + text(8, "0123456789abcdef") + "\""});
    if (s3) headers.push_back({std::string(signing::kContentHashHeader), signing::body_hash(body)});
    const signing::Moment now{std::chrono::seconds(1700000000 + below(100000000))};
    const std::vector<http::Header> added = signing::signature_headers(
        {.method = method, .target = target, .headers = headers, .body = body}, credentials, scope, now);
    nlohmann::json sample = {{"method", method},
                             {"target", target},
                             {"body", encoding::encode_base64(body)},
                             {"region", scope.region},
                             {"service", scope.service},
                             {"key", credentials.access_key_id},
                             {"secret", credentials.secret_access_key},
                             {"token", credentials.session_token}};
    for (const http::Header& header : headers) sample["headers"].push_back({header.name, header.value});
    for (const http::Header& header : added) sample["added"][header.name] = header.value;
    return sample;
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  std::string pick(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }
  std::string text(std::size_t longest, const std::string& letters) {
    std::string made(1 + below(longest), ' ');
    for (char& c : made) c = letters[below(letters.size())];
    return made;
  }
  // Of what URLs and signatures are particular about. A segment that is "." or ".." is another matter: AWS's library
  // sends no such path for a service but S3.
  std::string awkward(std::size_t longest) {
    static const std::vector<std::string> kPieces = {
        "a", "Z", "0",  " ",  "+",  "%",        "%2F",          "=", "&", "?", "#", "~", "_", "-", "*",
        "'", "(", "\"", "\t", "\\", "\xC3\xBC", "\xE9\x80\x80", ":", "@"};
    std::string made = "k";
    for (std::size_t pieces = below(longest); pieces > 0; --pieces) made += kPieces[below(kPieces.size())];
    return made;
  }

  std::mt19937 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Samples samples(static_cast<unsigned>(std::atoi(argv[2])));
  for (int count = std::atoi(argv[1]); count > 0; --count) std::puts(samples.next().dump().c_str());
  return 0;
}
