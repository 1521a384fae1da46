// Percent-encoding in URLs, and as forms and S3 keys have it: %41 is A. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace textlambda::encoding {

// One segment of a URL's path: each byte but RFC 3986's unreserved characters (A-Z a-z 0-9 - . _ ~) and those of `kept`
// as % and two hexadecimal digits.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

// As in forms and S3 keys, where + is a space. A "%" that no two hexadecimal digits follow stands for itself.
std::string percent_decoded(std::string_view encoded);

// The fields of application/x-www-form-urlencoded, decoded, at most 1,000; of a field that repeats, the first.
std::map<std::string, std::string> form_fields(std::string_view form);

}  // namespace textlambda::encoding
