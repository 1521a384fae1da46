#include "textlambda/http/client.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "textlambda/http/socket_stream.h"
#include "textlambda/io/error.h"

namespace textlambda::http {
namespace {

namespace beast = boost::beast;

using RequestBody = beast::http::span_body<const char>;
using ResponseParser = beast::http::response_parser<beast::http::string_body>;

constexpr unsigned kMostInterimAnswers = 16;
// What one read may add behind the headers.
constexpr std::size_t kReadAhead = 128U << 10;

bool is_literal(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::vector<std::string> addresses_of(const Endpoint& endpoint, const ClientOptions& options) {
  if (is_literal(endpoint.host)) return {endpoint.host};
  if (beast::iequals(endpoint.host, "localhost")) return {"127.0.0.1", "::1"};  // RFC 6761
  if (options.resolve == nullptr) {
    io::throw_input("the host is a name, only an IP address can be reached here", endpoint.text());
  }
  std::vector<std::string> addresses = options.resolve(endpoint.host);
  if (addresses.empty()) io::throw_input("the host has no address", endpoint.text());
  return addresses;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110, section 5.6.2
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }
bool is_no_value(char c) { return is_control(c) && c != '\t'; }  // RFC 9110, section 5.5

void validate(const Request& request) {
  if (!is_token(request.method)) io::throw_usage("the method of an HTTP request is not a token");
  if (!request.target.starts_with('/') ||
      std::any_of(request.target.begin(), request.target.end(), [](char c) { return is_control(c) || c == ' '; })) {
    io::throw_usage("the target of an HTTP request has to begin with / and to have no spaces or control characters");
  }
  for (const Header& header : request.headers) {
    if (!is_token(header.name)) io::throw_usage("the name of an HTTP header is not a token");
    if (std::any_of(header.value.begin(), header.value.end(), is_no_value)) {
      io::throw_usage("the HTTP header " + header.name + " has a control character");
    }
  }
}

std::string reason(const ErrorCode& error) {
  if (error == boost::asio::error::eof || error == beast::http::error::end_of_stream) {
    return "closed the connection without an answer";
  }
  if (error == beast::http::error::partial_message) return "closed the connection in the middle of its answer";
  if (error.category() == make_error_code(beast::http::error::bad_version).category()) {
    return "did not answer in HTTP: " + error.message();
  }
  return "no answer: " + error.message();
}

}  // namespace

class Client::Connection {
 public:
  Connection(Endpoint endpoint, const ClientOptions& options)
      : endpoint_(std::move(endpoint)),
        host_(endpoint_.text()),
        options_(options),
        addresses_(addresses_of(endpoint_, options)),
        stream_(options.timeout),
        buffer_(options.longest_headers + kReadAhead) {}

  std::optional<Response> send(const Request& request, int interrupt) {
    validate(request);
    // Twice at most: a connection that was just opened is not stale.
    for (bool reused = is_reusable();; reused = false) {
      if (!reused) connect();
      ErrorCode error;
      std::optional<Response> response = exchange(request, interrupt, error);
      stream_.set_interrupt(-1);
      if (response) return response;
      stream_.close();
      if (error == kInterrupted) return std::nullopt;
      if (reused && request.repeatable && is_lost(error)) continue;
      fail(error);
    }
  }

 private:
  bool is_reusable() const { return buffer_.size() == 0 && stream_.is_idle(); }

  // The connection went before a byte of the answer had come.
  bool is_lost(const ErrorCode& error) const {
    return !answer_begun_ &&
           (error == boost::asio::error::eof || error == beast::http::error::end_of_stream ||
            error == boost::asio::error::connection_reset || error == boost::asio::error::broken_pipe);
  }

  [[noreturn]] void fail(const ErrorCode& error) const {
    if (error == beast::http::error::body_limit) {
      io::throw_input("the answer is longer than " + std::to_string(options_.longest_body) + " bytes", host_);
    }
    if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
      io::throw_input(
          "the headers of the answer are longer than " + std::to_string(options_.longest_headers) + " bytes", host_);
    }
    io::throw_input(reason(error), host_);
  }

  void connect() {
    buffer_.clear();
    ErrorCode error;
    for (const std::string& address : addresses_) {
      stream_.connect(address, endpoint_.port, error);
      if (!error) return;
    }
    io::throw_input("cannot connect: " + error.message(), host_);
  }

  std::optional<Response> exchange(const Request& request, int interrupt, ErrorCode& error) {
    answer_begun_ = false;
    ErrorCode write_error = write(request);
    if (write_error == kTimeout) {
      error = write_error;
      return std::nullopt;
    }
    // A server that takes no more may still have said why.
    stream_.set_interrupt(interrupt);
    std::optional<Response> response = read(error);
    if (response && write_error) stream_.close();
    if (!response && write_error && error != kInterrupted) error = write_error;
    return response;
  }

  ErrorCode write(const Request& request) {
    beast::http::request<RequestBody> message;
    message.method_string({request.method.data(), request.method.size()});
    const std::string target = endpoint_.path + request.target;
    message.target({target.data(), target.size()});
    message.set(beast::http::field::host, host_);
    message.set(beast::http::field::user_agent, "textlambda");
    for (const Header& header : request.headers) message.set(header.name, header.value);
    message.body() = {request.body.data(), request.body.size()};
    if (request.method != "GET" || !request.body.empty()) message.content_length(request.body.size());
    ErrorCode error;
    beast::http::request_serializer<RequestBody> serializer(message);
    beast::http::write(stream_, serializer, error);
    return error;
  }

  std::optional<Response> read(ErrorCode& error) {
    for (unsigned interim = 0; interim < kMostInterimAnswers; ++interim) {
      ResponseParser parser;
      parser.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(options_.longest_headers, UINT32_MAX)));
      parser.body_limit(options_.longest_body);
      // The headers by themselves: an eager parser goes on into a body whose length is beyond the limit, and makes
      // room.
      beast::http::read_header(stream_, buffer_, parser, error);
      answer_begun_ = answer_begun_ || parser.got_some() || buffer_.size() != 0;
      if (!error && !parser.is_done()) beast::http::read(stream_, buffer_, parser, error);
      if (error) return std::nullopt;
      const unsigned status = parser.get().result_int();
      if (status >= 200) return take(parser);
    }
    error = beast::http::error::bad_status;
    return std::nullopt;
  }

  Response take(ResponseParser& parser) {
    if (!parser.keep_alive()) stream_.close();
    Response response{.status = parser.get().result_int(), .headers = {}, .body = std::move(parser.get().body())};
    for (const auto& field : parser.get()) {
      response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    return response;
  }

  Endpoint endpoint_;
  std::string host_;
  ClientOptions options_;
  std::vector<std::string> addresses_;
  SocketStream stream_;
  beast::flat_buffer buffer_;
  bool answer_begun_ = false;
};

Client::Client(Endpoint endpoint, const ClientOptions& options)
    : connection_(std::make_unique<Connection>(std::move(endpoint), options)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Response Client::send(const Request& request) {
  // Without an interrupt there is always an answer or an error.
  return std::move(*connection_->send(request, -1));
}

std::optional<Response> Client::send(const Request& request, int interrupt) {
  return connection_->send(request, interrupt);
}

}  // namespace textlambda::http
