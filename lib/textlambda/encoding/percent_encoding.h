// Percent-encoding as forms and S3 keys have it: %41 is A, + is a space. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace textlambda::encoding {

// A "%" that no two hexadecimal digits follow stands for itself.
std::string percent_decoded(std::string_view encoded);

// The fields of application/x-www-form-urlencoded, decoded, at most 1,000; of a field that repeats, the first.
std::map<std::string, std::string> form_fields(std::string_view form);

}  // namespace textlambda::encoding
