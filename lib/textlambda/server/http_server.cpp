#include "textlambda/server/http_server.h"

#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "textlambda/io/error.h"

namespace textlambda::server {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

// More would not be closed by who opened them in time.
constexpr std::size_t kMostConnections = 1024;

struct Connections {
  std::size_t open = 0;
};

template <typename Body>
ServerRequest read_head(const wire::request<Body>& message) {
  ServerRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  return request;
}

ServerRequest read_message(wire::request<wire::string_body>&& message) {
  ServerRequest request = read_head(message);
  request.body = std::move(message.body());
  return request;
}

bool is_of_the_connection(std::string_view name) {
  return name == "connection" || name == "content-length" || name == "transfer-encoding";
}

enum class Framing { none, length, chunks, close };

// Those of some statuses have no body (RFC 9110, section 6.4.1), and HTTP/1.0 knows no chunks.
Framing framing_of(const ServerResponse& response, unsigned version) {
  if (response.status < 200 || response.status == 204 || response.status == 304) return Framing::none;
  if (!response.pieces) return Framing::length;
  return version == 10 ? Framing::close : Framing::chunks;
}

// All that stands before the body. An answer to HEAD says how long its body would be.
std::string response_head(const http::Response& response, Framing framing, unsigned version, bool keep_alive) {
  std::string head = version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  const auto reason = wire::obsolete_reason(wire::int_to_status(response.status));
  head.append(reason.data(), reason.size());
  head += "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  for (const http::Header& header : response.headers) {
    if (!is_of_the_connection(http::lower_case(header.name))) add(header.name, header.value);
  }
  if (keep_alive != (version != 10)) add("Connection", keep_alive ? "keep-alive" : "close");
  if (framing == Framing::length) add("Content-Length", std::to_string(response.body.size()));
  if (framing == Framing::chunks) add("Transfer-Encoding", "chunked");
  return head += "\r\n";
}

std::string chunk_head(std::size_t size) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  return std::string(digits.data(), end) + "\r\n";
}

std::string peer_of(const beast::tcp_stream& stream) {
  boost::system::error_code error;
  const tcp::endpoint peer = stream.socket().remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

// A client's connection. What Beast's own operations would do over several turns of the loop, a system call and the
// parser do at once here: as a rule a request comes in one piece, and an answer fits the socket's buffer.
class Connection {
 public:
  explicit Connection(tcp::socket socket) : stream_(std::move(socket)), peer_(peer_of(stream_)) {
    boost::system::error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    stream_.socket().non_blocking(true, ignored);
  }

  Awaitable<> serve(ServerLimits limits, std::shared_ptr<const Answer> answer) {
    for (bool keep_alive = true; keep_alive;) {
      Parser parser;
      parser.header_limit(limits.header_bytes);
      parser.body_limit(limits.body_bytes);
      set_patience(limits);
      co_await read_request(parser, limits);
      const bool too_large = error_ == wire::error::body_limit;
      if (error_ && !too_large) break;
      stream_.expires_never();
      const unsigned version = parser.get().version();
      keep_alive = !too_large && parser.get().keep_alive();
      std::optional<Pieces> pieces;
      ServerRequest request;
      if (parser.is_done() || too_large) {
        request = read_message(parser.release());
      } else {
        request = read_head(parser.get());
        pieces.emplace(*this, std::move(parser));
        request.pieces = &*pieces;
      }
      request.body_too_large = too_large;
      if (too_large) request.body.clear();
      request.peer = peer_;
      const bool head = request.method == "HEAD";
      ServerResponse response = co_await (*answer)(std::move(request));
      const bool unread = too_large || (pieces && !pieces->is_done());
      const Framing framing = framing_of(response, version);
      keep_alive = keep_alive && !unread && framing != Framing::close;
      set_patience(limits);
      if (framing == Framing::chunks || framing == Framing::close) {
        co_await send(response_head(response, framing, version, keep_alive), {});
        if (!head) co_await send_pieces(response, framing, limits);
      } else {
        co_await send(response_head(response, framing, version, keep_alive),
                      framing == Framing::length && !head ? std::string_view(response.body) : std::string_view());
      }
      begun_.reset();
      if (error_) break;
      if (unread) co_await linger();
    }
    stream_.socket().shutdown(tcp::socket::shutdown_both, error_);
  }

 private:
  using Parser = wire::request_parser<wire::string_body>;

  // The body of a request, read while it is used.
  class Pieces final : public BodyReader {
   public:
    Pieces(Connection& connection, Parser&& head) : connection_(connection), parser_(std::move(head)) {
      parser_.body_limit(std::numeric_limits<std::uint64_t>::max());
    }

    bool is_done() const { return parser_.is_done(); }

    // What is there already, in one piece.
    Awaitable<BodyPiece> next() override {
      constexpr std::size_t kMost = std::size_t{64} << 10;
      BodyPiece piece;
      piece.bytes.resize(kMost);
      auto& body = parser_.get().body();
      body.data = piece.bytes.data();
      body.size = kMost;
      body.more = true;
      boost::system::error_code& error = connection_.error_;
      error = {};
      while (!error && !parser_.is_done() && body.size > 0) {
        if (connection_.parse(parser_)) continue;
        if (body.size < kMost) break;
        co_await connection_.read_more();
      }
      if (error == wire::error::need_buffer) error = {};
      piece.bytes.resize(kMost - body.size);
      piece.broken = static_cast<bool>(error);
      piece.last = piece.broken || parser_.is_done();
      co_return piece;
    }
    std::string trailer(std::string_view name) const override {
      const auto found = parser_.get().find({name.data(), name.size()});
      return found == parser_.get().end() ? std::string() : std::string(found->value());
    }

   private:
    Connection& connection_;
    wire::request_parser<wire::buffer_body> parser_;
  };

  void set_patience(const ServerLimits& limits) {
    if (limits.patience) {
      stream_.expires_after(*limits.patience);
    } else {
      stream_.expires_never();
    }
  }

  // A length that is too large shows in the headers, a body in chunks while it is read.
  Awaitable<> read_request(Parser& parser, const ServerLimits& limits) {
    error_ = {};
    while (!error_ && !parser.is_header_done()) {
      if (!parse(parser)) co_await read_more();
    }
    if (!error_ && limits.begun) begun_ = limits.begun();
    if (!error_ && limits.body_bytes_of) {
      const std::uint64_t most = limits.body_bytes_of(std::string(parser.get().target()));
      const auto length = parser.content_length();
      if (length && *length > most) error_ = wire::error::body_limit;
      parser.body_limit(most);
    }
    if (!error_ && parser.get()[wire::field::expect] == "100-continue") {
      co_await send("HTTP/1.1 100 Continue\r\n\r\n", {});
    }
    if (!error_ && limits.in_pieces && parser.chunked() && limits.in_pieces(read_head(parser.get()))) co_return;
    parser.eager(true);
    while (!error_ && !parser.is_done()) {
      if (!parse(parser)) co_await read_more();
    }
  }

  // Whether there were bytes that it could use.
  template <typename AnyParser>
  bool parse(AnyParser& parser) {
    if (buffer_.size() == 0) return false;
    const std::size_t used = parser.put(buffer_.data(), error_);
    buffer_.consume(used);
    if (error_ == wire::error::need_more) error_ = {};
    return used > 0 || error_;
  }

  Awaitable<> read_more() {
    constexpr std::size_t kBlock = std::size_t{16} << 10;
    const std::size_t size =
        co_await stream_.async_read_some(buffer_.prepare(kBlock), asio::redirect_error(asio::use_awaitable, error_));
    buffer_.commit(size);
  }

  Awaitable<> send(std::string head, std::string_view body) {
    const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(body)};
    std::size_t sent = stream_.socket().write_some(parts, error_);
    if (error_ == asio::error::would_block) {
      error_ = {};
      sent = 0;
    }
    if (error_ || sent == head.size() + body.size()) co_return;
    beast::buffers_suffix<std::array<asio::const_buffer, 2>> rest(parts);
    rest.consume(sent);
    co_await asio::async_write(stream_, rest, asio::redirect_error(asio::use_awaitable, error_));
  }

  // Each as it comes. A body that breaks off ends without its last chunk, by which the client knows.
  Awaitable<> send_pieces(ServerResponse& response, Framing framing, const ServerLimits& limits) {
    BodyPiece piece;
    piece.bytes = std::move(response.body);
    for (;;) {
      set_patience(limits);
      if (framing == Framing::close) {
        co_await send(std::move(piece.bytes), {});
      } else if (!piece.bytes.empty()) {
        const std::string head = chunk_head(piece.bytes.size());
        piece.bytes += "\r\n";
        co_await send(head, piece.bytes);
      }
      if (!error_ && piece.broken) error_ = asio::error::connection_aborted;
      if (error_ || piece.last) break;
      stream_.expires_never();
      piece = co_await response.pieces();
    }
    if (!error_ && framing == Framing::chunks) co_await send("0\r\n\r\n", {});
  }

  // Closed at once, with bytes that nobody has read, the answer would be lost in a reset.
  Awaitable<> linger() {
    stream_.socket().shutdown(tcp::socket::shutdown_send, error_);
    stream_.expires_after(std::chrono::seconds(5));
    while (!error_) {
      co_await read_more();
      buffer_.clear();
    }
  }

  beast::tcp_stream stream_;
  const std::string peer_;
  beast::flat_buffer buffer_;
  std::shared_ptr<void> begun_;  // by a request
  boost::system::error_code error_;
};

Awaitable<> serve_connection(tcp::socket socket, ServerLimits limits, std::shared_ptr<const Answer> answer,
                             std::shared_ptr<Connections> connections) {
  struct Leave {
    std::shared_ptr<Connections> connections;
    ~Leave() { --connections->open; }
  } leave{std::move(connections)};
  Connection connection(std::move(socket));
  co_await connection.serve(std::move(limits), std::move(answer));
}

}  // namespace

Awaitable<> serve(tcp::acceptor& acceptor, ServerLimits limits, Answer answer) {
  const auto shared = std::make_shared<const Answer>(std::move(answer));
  const auto connections = std::make_shared<Connections>();
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) {  // out of descriptors: some will come back
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    if (connections->open == kMostConnections) continue;
    ++connections->open;
    asio::co_spawn(acceptor.get_executor(), serve_connection(std::move(socket), limits, shared, connections),
                   asio::detached);
  }
}

tcp::acceptor listen_on(asio::io_context& context, const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) io::throw_usage(host + ": expected an IP address to listen on, such as 127.0.0.1");
  const tcp::endpoint endpoint(address, port);
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    io::throw_input(
        (error == asio::error::address_in_use ? "is taken by another program" : "cannot listen: " + error.message()),
        host + ":" + std::to_string(port));
  }
  return acceptor;
}

std::string address_of(const tcp::acceptor& acceptor) {
  const tcp::endpoint endpoint = acceptor.local_endpoint();
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

}  // namespace textlambda::server
