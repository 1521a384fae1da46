// Whose pages may call the function from a browser and read its answers: cross-origin resource sharing
// (https://fetch.spec.whatwg.org/#http-cors-protocol), without credentials. Immutable, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::events {

class AllowedOrigins {
 public:
  // Nobody's: answers say nothing of origins.
  AllowedOrigins() = default;
  // "*", or origins as https://app.example, separated by commas; a port that is the scheme's own is as none. Throws
  // Error(usage) that says which is none, and why.
  explicit AllowedOrigins(std::string_view list);

  bool empty() const { return origins_.empty(); }
  // The answer to one page is not the answer to another.
  bool depend_on_request() const { return origins_.size() > 1; }
  // What Access-Control-Allow-Origin says to a page of `origin`; empty where it may not read the answer. A single
  // origin is told whoever asks: the browser compares.
  std::string_view answer_to(std::string_view origin) const;

 private:
  std::vector<std::string> origins_;
};

}  // namespace textlambda::events
