// The name of an object in S3, s3://BUCKET/KEY. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::aws {

struct S3Name {
  std::string bucket;
  std::string key;  // any bytes; with a slash at its end, or empty, it stands for what is below it

  std::string text() const { return "s3://" + bucket + "/" + key; }
};

// Whether a path is meant for S3: it begins with "s3://".
bool is_s3_name(std::string_view path);

// Throws Error(usage) for what is no s3://BUCKET/KEY: a bucket's name that is none, a key beyond 1,024 bytes. The key
// is taken as it stands, without percent-decoding.
S3Name parse_s3_name(std::string_view text);

// Whether a bucket's name may be a part of a host's: it has no dots, which certificates of AWS do not cover, and no
// capital letters.
bool fits_host_name(std::string_view bucket);

}  // namespace textlambda::aws
