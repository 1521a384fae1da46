// What a scorecard is made of. Plain values.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/tls/connection.h"
#include "textlambda/tls/stream.h"

namespace textlambda::conform {

using tls::Call;
using tls::Clock;
using tls::Connection;
using tls::Deadline;
using tls::Signer;
using tls::Target;

struct Options {
  Target target;
  // The probe, as it is there already: a name or an ARN, with a qualifier or without. Empty: `deploy` makes one.
  std::string function;
  std::vector<std::string> groups = {};  // that are asked; none: all of them
  // What a row may take, whatever its host does.
  std::chrono::milliseconds row_timeout{30000};
  // How many invocations of the function may run at a time, where that is known: more are throttled.
  std::optional<unsigned> concurrency = {};
  std::string region = "us-east-1";

  // Function management, and a probe of its own, made from these and deleted at the end.
  bool deploy = false;
  std::string probe;                    // the executable's bytes
  std::string architecture = "x86_64";  // as Lambda spells it
  std::string role = "arn:aws:iam::123456789012:role/textlambda-conform";
  std::string queue = {};  // ARN of an SQS queue for event source mappings; empty: they are skipped

  // Puts what it reads from its standard input into a queue whose messages the function is given, as one message: a
  // command line for sh. Empty: what a source makes of answers is skipped.
  std::string feed = {};

  // Makes the names of this run its own: a few letters and digits.
  std::string unique;
  Signer signer = {};
  const std::atomic<bool>* interrupted = nullptr;  // true: what was made is deleted, and the run ends
};

}  // namespace textlambda::conform
