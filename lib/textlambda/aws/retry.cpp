#include "textlambda/aws/retry.h"

#include <algorithm>
#include <array>

namespace textlambda::aws {
namespace {

constexpr std::chrono::milliseconds kFirstBackoff{1000};
constexpr std::chrono::milliseconds kLongestBackoff{20000};

template <typename Codes>
bool contains(const Codes& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

bool is_retried_status(unsigned status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

bool is_throttling(const Fault& fault) {
  constexpr std::array<std::string_view, 13> kCodes = {"Throttling",
                                                       "ThrottlingException",
                                                       "ThrottledException",
                                                       "RequestThrottledException",
                                                       "RequestThrottled",
                                                       "TooManyRequestsException",
                                                       "ProvisionedThroughputExceededException",
                                                       "RequestLimitExceeded",
                                                       "BandwidthLimitExceeded",
                                                       "LimitExceededException",
                                                       "SlowDown",
                                                       "PriorRequestNotComplete",
                                                       "EC2ThrottledException"};
  return fault.status == 429 || contains(kCodes, fault.code);
}

bool is_transient(const Fault& fault) {
  constexpr std::array<std::string_view, 7> kCodes = {
      "RequestTimeout",   "RequestTimeoutException",   "InternalError", "ServiceUnavailable", "ServiceException",
      "OperationAborted", "ConditionalRequestConflict"};
  return is_retried_status(fault.status) || is_throttling(fault) || contains(kCodes, fault.code);
}

std::chrono::milliseconds backoff(unsigned attempt, double random) {
  constexpr unsigned kDoublings = 5;  // beyond the longest
  const unsigned doublings = std::min(std::max(attempt, 1U) - 1, kDoublings);
  const std::chrono::milliseconds whole = std::min(kFirstBackoff * (1U << doublings), kLongestBackoff);
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * random));
}

}  // namespace textlambda::aws
