// Host names by the system's name service, for ClientOptions::resolve. A fully static program leaves it out: glibc's
// name service loads shared libraries.
#pragma once

#include <string>
#include <vector>

namespace textlambda::http {

// The IP literals of a host name, in the order to try them. Throws Error(input_output). Thread-safe.
std::vector<std::string> resolve_name(const std::string& host);

}  // namespace textlambda::http
