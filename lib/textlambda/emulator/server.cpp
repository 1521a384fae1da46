#include "textlambda/emulator/server.h"

#include <memory>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "textlambda/io/error.h"

namespace textlambda::emulator {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

// More would not be closed by who opened them in time.
constexpr std::size_t kMostConnections = 1024;

struct Connections {
  std::size_t open = 0;
};

ServerRequest read_request(wire::request<wire::string_body>&& message) {
  ServerRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  request.body = std::move(message.body());
  return request;
}

wire::response<wire::string_body> wire_response(http::Response&& response, unsigned version, bool keep_alive) {
  wire::response<wire::string_body> message;
  message.version(version);
  message.result(response.status);
  for (const http::Header& header : response.headers) message.insert(header.name, header.value);
  message.body() = std::move(response.body);
  message.keep_alive(keep_alive);
  if (response.status != 204) message.prepare_payload();
  return message;
}

Awaitable<> serve_connection(tcp::socket socket, ServerLimits limits, std::shared_ptr<const Answer> answer,
                             std::shared_ptr<Connections> connections) {
  struct Leave {
    std::shared_ptr<Connections> connections;
    ~Leave() { --connections->open; }
  } leave{connections};
  beast::tcp_stream stream(std::move(socket));
  boost::system::error_code error;
  stream.socket().set_option(tcp::no_delay(true), error);
  beast::flat_buffer buffer;
  for (bool keep_alive = true; keep_alive;) {
    wire::request_parser<wire::string_body> parser;
    parser.header_limit(limits.header_bytes);
    parser.body_limit(limits.body_bytes);
    if (limits.patience) {
      stream.expires_after(*limits.patience);
    } else {
      stream.expires_never();
    }
    // A length that is too large shows in the headers, a body in chunks while it is read.
    co_await wire::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (!error && parser.get()[wire::field::expect] == "100-continue") {
      wire::response<wire::empty_body> go_on(wire::status::continue_, 11);
      co_await wire::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
    }
    if (!error) co_await wire::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    const bool too_large = error == wire::error::body_limit;
    if (error && !too_large) break;
    stream.expires_never();
    const unsigned version = parser.get().version();
    keep_alive = !too_large && parser.get().keep_alive();
    ServerRequest request = read_request(parser.release());
    request.body_too_large = too_large;
    if (too_large) request.body.clear();
    http::Response response = co_await (*answer)(std::move(request));
    auto message = wire_response(std::move(response), version, keep_alive);
    if (limits.patience) stream.expires_after(*limits.patience);
    co_await wire::async_write(stream, message, asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    if (too_large) {
      // Closed at once, with bytes that nobody has read, the answer would be lost in a reset.
      stream.socket().shutdown(tcp::socket::shutdown_send, error);
      stream.expires_after(std::chrono::seconds(5));
      std::string rest(std::size_t{1} << 16, '\0');
      while (!error) {
        co_await stream.async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, error));
      }
    }
  }
  stream.socket().shutdown(tcp::socket::shutdown_both, error);
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

}  // namespace textlambda::emulator
