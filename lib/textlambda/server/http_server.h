// An HTTP/1.1 server over coroutines: connections kept open, limits to headers and bodies, and to how long a client may
// take to send a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/http/message.h"
#include "textlambda/server/asio.h"

namespace textlambda::server {

// A part of a body that is read or written as it comes.
struct BodyPiece {
  std::string bytes;
  bool last = false;    // nothing comes behind it
  bool broken = false;  // nor ever will, though the body is not complete
};

// A request's body as it comes: the next is read from the connection when it is asked for.
class BodyReader {
 public:
  virtual Awaitable<BodyPiece> next() = 0;
  // Of a header behind the body, once its last piece has come; empty where there is none.
  virtual std::string trailer(std::string_view name) const = 0;

 protected:
  ~BodyReader() = default;
};

struct ServerRequest {
  std::string method;
  std::string target;
  std::vector<http::Header> headers;
  std::string body;
  bool body_too_large = false;   // over the limit: `body` is empty, and the connection is closed behind the answer
  std::string peer;              // the client's IP address; empty where the client has left already
  BodyReader* pieces = nullptr;  // of a body that comes in pieces (ServerLimits), until it is answered; `body` is empty

  std::string_view header(std::string_view name) const { return http::find_header(headers, name); }
};

struct ServerLimits {
  std::uint64_t body_bytes = 0;
  // The same of a path, where it may be less; none: body_bytes for all.
  std::function<std::uint64_t(std::string_view target)> body_bytes_of = {};
  // Whether the body of such a request, which is in chunks, is handed on in pieces, whatever its size; none: it is not.
  std::function<bool(const ServerRequest& head)> in_pieces = {};
  std::uint32_t header_bytes = 64U << 10;
  // Called when the head of a request has come; what it returns is let go once that is answered, or cannot be.
  std::function<std::shared_ptr<void>()> begun = {};
  // The longest that a client may take between two requests and to send one; none: as long as it takes.
  std::optional<std::chrono::seconds> patience = {};
};

// An answer; `body`, and behind it what `pieces` gives until the last, if there are any.
struct ServerResponse : http::Response {
  ServerResponse() = default;
  ServerResponse(http::Response whole) : http::Response(std::move(whole)) {}  // NOLINT(google-explicit-constructor)

  std::function<Awaitable<BodyPiece>()> pieces;
};

using Answer = std::function<Awaitable<ServerResponse>(ServerRequest)>;

// Serves until the acceptor is closed. Every request is answered by `answer`, those of one connection one by one.
// `answer` is kept as long as there are connections.
Awaitable<> serve(asio::ip::tcp::acceptor& acceptor, ServerLimits limits, Answer answer);

// Listens on HOST:PORT, an IP address; port 0 is any free one. Throws Error(input_output), naming the address.
asio::ip::tcp::acceptor listen_on(asio::io_context& context, const std::string& host, std::uint16_t port);
std::string address_of(const asio::ip::tcp::acceptor& acceptor);  // HOST:PORT

}  // namespace textlambda::server
