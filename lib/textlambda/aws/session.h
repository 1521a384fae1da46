// Who asks, from where, and where a service is reached: what a run knows of AWS before it asks. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "textlambda/aws/credentials.h"
#include "textlambda/aws/shared_config.h"
#include "textlambda/aws/surroundings.h"
#include "textlambda/tls/stream.h"

namespace textlambda::aws {

// What a command line says; empty where it says nothing.
struct SessionOptions {
  std::string region = {};
  std::string endpoint_url = {};  // of whichever service is asked
};

class Session {
 public:
  // Reads the profile. Throws Error as read_profile() does.
  Session(Surroundings surroundings, SessionOptions options);

  const Surroundings& surroundings() const { return surroundings_; }
  signing::Credentials credentials() { return credentials_.get(); }
  bool forget_credentials() { return credentials_.forget(); }
  tls::TrustOptions trust() const;  // AWS_CA_BUNDLE, or ca_bundle of the profile

  // The option's, else AWS_REGION, AWS_DEFAULT_REGION, the profile's. Where there is none: us-east-1 for a service
  // whose endpoint is given, which is an emulator's or a store's of one's own; else throws Error(usage) that says how
  // to.
  std::string region(const std::string& service) const;

  // The URL that a service ("s3", "lambda") is asked at in place of AWS's own; empty for that. The option's, else
  // AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL, the profile's services section, the profile's endpoint_url.
  std::string endpoint_url(const std::string& service) const;

  // The one above, or AWS's own host: "lambda.eu-central-1.amazonaws.com". Throws Error(usage) for a URL that is none.
  tls::Target target(const std::string& service, const std::string& region) const;

 private:
  Surroundings surroundings_;
  SessionOptions options_;
  Profile profile_;
  CredentialSource credentials_;
};

// "amazonaws.com", and for the regions of China theirs.
std::string domain_of(const std::string& region);

}  // namespace textlambda::aws
