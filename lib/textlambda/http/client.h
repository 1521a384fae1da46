// A blocking HTTP/1.1 client of one server, over one connection that is kept open. Plain TCP, no TLS. Reading and
// writing messages is Boost.Beast's; the socket is waited for with poll, so that a wait can be limited or interrupted.
// Not thread-safe: one a thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/http/endpoint.h"
#include "textlambda/http/message.h"

namespace textlambda::http {

struct ClientOptions {
  // What an answer may be at most, in bytes. Headers include the status line.
  std::size_t longest_body = 16U << 20;
  std::size_t longest_headers = 64U << 10;
  // The longest that connecting, or a server that has to read or to write, may take without a byte moving. None:
  // as long as it takes.
  std::optional<std::chrono::milliseconds> timeout = {};
  // IP literals for a host that is neither one nor "localhost"; nullptr: such a host is an error. See name_service.h.
  std::vector<std::string> (*resolve)(const std::string& host) = nullptr;
};

class Client {
 public:
  // Does not connect yet. Throws Error(input_output) for a host without an address.
  explicit Client(Endpoint endpoint, const ClientOptions& options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Sends and waits for the whole answer, whatever its status; 1xx answers are passed over. Throws Error(input_output)
  // that names the endpoint when there is no answer, a broken one or one over the limits; the next call connects anew.
  // Throws Error(usage) for a request that would not be one request on the wire.
  Response send(const Request& request);
  // The same, but nothing as soon as `interrupt`, a file descriptor, can be read while not a byte of the answer has
  // come. What was interrupted is dropped with its connection.
  std::optional<Response> send(const Request& request, int interrupt);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace textlambda::http
