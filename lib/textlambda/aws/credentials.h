// Whose name requests are signed in: the variables of the environment, a profile of the shared files, or the endpoint
// that a container is given, the first that has any.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "textlambda/aws/shared_config.h"
#include "textlambda/aws/surroundings.h"
#include "textlambda/signing/signature_v4.h"

namespace textlambda::aws {

// Thread-safe.
class CredentialSource {
 public:
  CredentialSource(Surroundings surroundings, Profile profile);

  // Those of a container are asked for again five minutes before they expire. Throws Error(input_output) that says what
  // was looked at, or which kind a profile has that is not supported here (SSO, roles to assume, processes) and what to
  // do about it.
  signing::Credentials get();

  // After an answer that they are expired: forgets them. False where the next ones would be the same.
  bool forget();

 private:
  struct Timed {
    signing::Credentials credentials;
    std::optional<signing::Moment> expiry;  // none: they hold
  };

  Timed find();
  std::optional<Timed> of_variables() const;
  std::optional<Timed> of_profile() const;
  std::optional<Timed> of_container() const;

  Surroundings surroundings_;
  Profile profile_;
  std::mutex mutex_;
  std::optional<Timed> held_;
};

}  // namespace textlambda::aws
