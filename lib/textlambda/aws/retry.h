// When a request is sent again, and how long after: exponential back-off with full jitter.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
// Pure functions, thread-safe.
#pragma once

#include <chrono>
#include <string_view>

#include "textlambda/aws/service_error.h"

namespace textlambda::aws {

// 429, 500, 502, 503 and 504.
bool is_retried_status(unsigned status);

// Whether the service says that it is asked too often.
bool is_throttling(const Fault& fault);

// Whether the same request may be answered otherwise a little later.
bool is_transient(const Fault& fault);

// Behind the first, second, … attempt: `random` (0 to below 1) of 1 s, 2 s, 4 s, …, at most of 20 s.
std::chrono::milliseconds backoff(unsigned attempt, double random);

}  // namespace textlambda::aws
