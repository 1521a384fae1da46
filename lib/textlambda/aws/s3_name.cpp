#include "textlambda/aws/s3_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::aws {
namespace {

constexpr std::string_view kS3Scheme = "s3://";
constexpr std::size_t kLongestKey = 1024;
constexpr std::size_t kShortestBucket = 3;
constexpr std::size_t kLongestBucket = 255;  // of old buckets; new ones have up to 63

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_s3_name(std::string_view path) { return path.starts_with(kS3Scheme); }

S3Name parse_s3_name(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    io::throw_usage(fmt::format("\"{}\": {}, expected s3://BUCKET/KEY", text.substr(0, 200), why));
  };
  if (!is_s3_name(text)) refuse("no name of an object in S3");
  const std::string_view rest = text.substr(kS3Scheme.size());
  S3Name name;
  name.bucket = rest.substr(0, rest.find('/'));
  if (name.bucket.size() < rest.size()) name.key = rest.substr(name.bucket.size() + 1);
  if (name.bucket.starts_with("arn:")) refuse("the ARN of an access point is not supported");
  const bool fits = std::all_of(name.bucket.begin(), name.bucket.end(),
                                [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; });
  if (!fits || name.bucket.size() < kShortestBucket || name.bucket.size() > kLongestBucket ||
      !is_letter_or_digit(name.bucket.front())) {
    refuse("the bucket's name is none");
  }
  if (name.key.size() > kLongestKey) refuse(fmt::format("a key of more than {} bytes", kLongestKey));
  return name;
}

bool fits_host_name(std::string_view bucket) {
  constexpr std::size_t kLongestLabel = 63;
  return bucket.size() <= kLongestLabel && std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace textlambda::aws
