// An HTTP/1.1 server over coroutines: connections kept open, limits to headers and bodies, and to how long a client may
// take to send a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/http/message.h"

namespace textlambda::emulator {

struct ServerRequest {
  std::string method;
  std::string target;
  std::vector<http::Header> headers;
  std::string body;
  bool body_too_large = false;  // over the limit: `body` is empty, and the connection is closed behind the answer

  std::string_view header(std::string_view name) const { return http::find_header(headers, name); }
};

struct ServerLimits {
  std::uint64_t body_bytes = 0;
  std::uint32_t header_bytes = 64U << 10;
  // The longest that a client may take between two requests and to send one; none: as long as it takes.
  std::optional<std::chrono::seconds> patience = {};
};

using Answer = std::function<Awaitable<http::Response>(ServerRequest)>;

// Serves until the acceptor is closed. Every request is answered by `answer`, those of one connection one by one.
// `answer` is kept as long as there are connections.
Awaitable<> serve(asio::ip::tcp::acceptor& acceptor, ServerLimits limits, Answer answer);

// Listens on HOST:PORT, an IP address; port 0 is any free one. Throws Error(input_output), naming the address.
asio::ip::tcp::acceptor listen_on(asio::io_context& context, const std::string& host, std::uint16_t port);
std::string address_of(const asio::ip::tcp::acceptor& acceptor);  // HOST:PORT

}  // namespace textlambda::emulator
