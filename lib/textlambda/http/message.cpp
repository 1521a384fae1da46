#include "textlambda/http/message.h"

#include <algorithm>

#include <boost/beast/core/string.hpp>

namespace textlambda::http {

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return boost::beast::iequals({header.name.data(), header.name.size()}, {name.data(), name.size()});
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace textlambda::http
