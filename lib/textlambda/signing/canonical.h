// The one form of a request that both ends of AWS Signature Version 4 hash, however it was spelt on the way.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/http/message.h"

namespace textlambda::signing {

// A request as it is on the wire. Borrows.
struct RequestView {
  std::string_view method;
  std::string_view target;  // the path and the query behind it, percent-encoded
  const std::vector<http::Header>& headers;
  std::string_view body;
};

// The path of a target, and the query without its question mark.
std::string_view path_of(std::string_view target);
std::string_view query_of(std::string_view target);

// All services but S3: without dot segments and empty ones, then percent-encoded once more. S3: as it is.
std::string canonical_path(std::string_view path, std::string_view service);

// Sorted by the bytes of names, then of values, each percent-encoded in one way. A name without "=" has an empty value;
// a "+" is a plus sign. `left_out` is a name that is not signed.
std::string canonical_query(std::string_view query, std::string_view left_out = {});

// Lower case, sorted, each once.
std::vector<std::string> canonical_names(std::vector<std::string> names);
// A line for each of `names`, which are canonical: a header that repeats has its values behind one another with commas
// between; white space around a value goes, runs of it within become one space. A header that is missing is empty.
std::string canonical_headers(const std::vector<http::Header>& headers, const std::vector<std::string>& names);

// The value of the first parameter of that name, decoded; empty where there is none.
std::string query_value(std::string_view query, std::string_view name);
bool has_query_name(std::string_view query, std::string_view name);

std::string joined(const std::vector<std::string>& names, char separator);

}  // namespace textlambda::signing
