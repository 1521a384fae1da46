#include "textlambda/mongodb/collection_name.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/error.h"

namespace textlambda::mongodb {
namespace {

constexpr std::string_view kSchemes[] = {"mongodb://", "mongodb+srv://"};

std::string_view scheme_of(std::string_view text) {
  for (const std::string_view scheme : kSchemes) {
    if (text.starts_with(scheme)) return scheme;
  }
  return {};
}

// Takes our own parameters out of the options; what is left is the driver's.
std::string take_own(std::string_view options, CollectionName& name) {
  std::string rest;
  encoding::each_parameter(options, [&](const encoding::Parameter& parameter) {
    if (parameter.name == "query") {
      name.query = encoding::uri_decoded(parameter.value);
    } else if (parameter.name == "field") {
      name.field = encoding::uri_decoded(parameter.value);
    } else {
      rest.append(rest.empty() ? "" : "&").append(parameter.name).append(parameter.has_value ? "=" : "");
      rest.append(parameter.value);
    }
    return true;
  });
  return rest;
}

}  // namespace

bool CollectionName::is_same_collection(const CollectionName& other) const { return shown == other.shown; }

std::string CollectionName::redacted(std::string_view message) const {
  std::string text(message);
  const std::size_t begin = scheme_of(uri).size();
  const std::size_t end = uri.substr(0, uri.find('/', begin)).rfind('@');
  if (end == std::string::npos || end < begin) return text;
  const std::string user_info = uri.substr(begin, end - begin);
  std::vector<std::string> secrets{uri, user_info, encoding::uri_decoded(user_info)};
  if (const std::size_t colon = user_info.find(':'); colon != std::string::npos && colon + 1 < user_info.size()) {
    secrets.push_back(user_info.substr(colon + 1));
    secrets.push_back(encoding::uri_decoded(secrets.back()));
  }
  for (const std::string& secret : secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

bool is_collection_name(std::string_view text) { return !scheme_of(text).empty(); }

std::string shown_name(std::string_view text) {
  const std::size_t begin = scheme_of(text).size();
  std::string shown(text.substr(0, text.find('?')));
  const std::size_t slash = shown.find('/', begin);
  if (slash == std::string::npos || shown.find('@', slash) != std::string::npos) return shown.substr(0, begin) + "…";
  const std::size_t at = shown.substr(0, slash).rfind('@');
  if (at != std::string::npos && at >= begin) shown.erase(begin, at + 1 - begin);
  return shown;
}

CollectionName parse_collection_name(std::string_view text) {
  const std::string_view scheme = scheme_of(text);
  std::string_view rest = text.substr(scheme.size());
  const std::size_t question = std::min(rest.find('?'), rest.size());
  std::string_view options = rest.substr(std::min(question + 1, rest.size()));
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  const std::string_view path = rest.substr(std::min(slash + 1, rest.size()));
  const std::size_t at = authority.rfind('@');
  const std::string_view hosts = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const std::size_t dot = path.find('.');
  CollectionName name;
  name.shown = shown_name(text);
  if (hosts.empty() || dot == std::string_view::npos || dot == 0 || dot + 1 == path.size() ||
      path.find('/') != std::string_view::npos) {
    io::throw_usage(fmt::format(
        "{}: expected mongodb://HOST/DATABASE.COLLECTION, such as mongodb://localhost/shop.tickets", name.shown));
  }
  name.database = encoding::uri_decoded(path.substr(0, dot));
  name.collection = encoding::uri_decoded(path.substr(dot + 1));
  const std::string drivers = take_own(options, name);
  name.uri = fmt::format("{}{}/{}{}{}", scheme, authority, path.substr(0, dot), drivers.empty() ? "" : "?", drivers);
  return name;
}

}  // namespace textlambda::mongodb
