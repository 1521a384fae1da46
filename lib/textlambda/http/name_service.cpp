#include "textlambda/http/name_service.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <memory>

#include "textlambda/io/error.h"

namespace textlambda::http {

std::vector<std::string> resolve_name(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (status != 0) io::throw_input("host name is not known: " + std::string(::gai_strerror(status)), host);

  std::vector<std::string> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    std::array<char, 64> literal{};  // INET6_ADDRSTRLEN is 46
    if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, literal.data(), static_cast<socklen_t>(literal.size()),
                      nullptr, 0, NI_NUMERICHOST) == 0) {
      addresses.emplace_back(literal.data());
    }
  }
  return addresses;
}

}  // namespace textlambda::http
