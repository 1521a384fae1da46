// An invocation's metrics in CloudWatch's embedded metric format: lines of JSON that CloudWatch makes metrics of, with
// no call to it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
// Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "textlambda/lambda/configuration.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/telemetry/log_line.h"

namespace textlambda::telemetry {

using lambda::MetricsOptions;

// Labels of one invocation that get a line of their own, the most frequent ones; the rest is counted together.
inline constexpr std::size_t kMostLabelLines = 100;

// The first line has Latency (milliseconds), Errors (1 for a failed invocation), FailedRecords, Texts (classified),
// Abstentions, and LowConfidenceShare (percent of the texts) where there are texts. A line for each label follows, with
// the dimension Label and Predictions, the texts that got it and did not abstain.
std::vector<std::string> metrics_lines(const MetricsOptions& options, const LogMoment& moment, const Answer& answer,
                                       double milliseconds);

// A label as the value of a dimension, which has to be printable ASCII: what is not is written \uXXXX (UTF-16, as in
// JSON), and so is a colon at the front; a blank label is "(empty)"; cut at 255 bytes.
std::string dimension_value(std::string_view label);

}  // namespace textlambda::telemetry
