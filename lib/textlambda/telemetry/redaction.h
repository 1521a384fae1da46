// Credentials in an event that is about to be captured: told by the names that they stand under, and replaced. By
// convention, not by proof: a secret in a sentence is not found. docs/bootstrap.md has the list of names. Thread-safe
// once it is made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::telemetry {

inline constexpr std::string_view kRedacted = "[redacted]";

class Redaction {
 public:
  // `more`: names that count besides those known, wherever they stand: of members, headers, parameters. Names are
  // compared without regard to case, "-" and "_".
  explicit Redaction(const std::vector<std::string>& more = {});

  struct Result {
    std::string json;
    // Content that is packed with gzip has a credential in it, or cannot be looked into: it stands there as it was.
    bool packed_secret = false;
  };

  // The same JSON, spelt as it was but for the strings and numbers that are secret: those under a name that is one, at
  // any depth; in headers and queries under one that is one there; and, inside strings (base64 among them), parameters
  // of URLs and forms, lines of headers and members of JSON. `json` is valid.
  Result redacted(std::string_view json) const;

 private:
  class Pass;

  // Where a name stands decides what it has to be.
  enum class Place { anywhere, header, parameter };

  bool is_secret(std::string_view name, Place place) const;
  // Text in which parameters, header lines and members of JSON are looked for. False where there is nothing to replace.
  bool redact_text(std::string_view text, std::string& result) const;

  std::vector<std::string> more_;
};

}  // namespace textlambda::telemetry
