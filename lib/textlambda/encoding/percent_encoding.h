// Percent-encoding in URLs, and as forms and S3 keys have it: %41 is A. Pure functions.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace textlambda::encoding {

// One segment of a URL's path: each byte but RFC 3986's unreserved characters (A-Z a-z 0-9 - . _ ~) and those of `kept`
// as % and two hexadecimal digits.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

// As in forms and S3 keys, where + is a space. A "%" that no two hexadecimal digits follow stands for itself.
std::string percent_decoded(std::string_view encoded);
// As in RFC 3986, where + is itself: paths.
std::string uri_decoded(std::string_view encoded);

// A parameter of a query, or a field of a form, as it is spelt.
struct Parameter {
  std::string_view name;
  std::string_view value;  // empty where there is no "="
  bool has_value = false;  // there is one
};

// Calls visit(parameter) for what stands between the "&" of a query or a form, but for nothing, in order, until it
// returns false.
template <typename Visit>
void each_parameter(std::string_view query, const Visit& visit) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size() < query.size() ? pair.size() + 1 : pair.size());
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const bool has_value = equals != std::string_view::npos;
    if (!visit(Parameter{pair.substr(0, equals), has_value ? pair.substr(equals + 1) : std::string_view(), has_value}))
      return;
  }
}

// The fields of application/x-www-form-urlencoded, decoded, at most 1,000; of a field that repeats, the first.
std::map<std::string, std::string> form_fields(std::string_view form);

}  // namespace textlambda::encoding
