// Percent-encoding as forms and S3 keys have it: %41 is A, + is a space. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace textlambda::lambda {

// A "%" that no two hexadecimal digits follow stands for itself.
std::string percent_decoded(std::string_view encoded);

// The value of a field of application/x-www-form-urlencoded, decoded; of a field that repeats, the first.
std::optional<std::string> form_field(std::string_view form, std::string_view name);

}  // namespace textlambda::lambda
