#include "textlambda/tls/connection.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::tls {
namespace {

namespace beast = boost::beast;

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr unsigned kMostInterimAnswers = 16;
constexpr std::chrono::seconds kPatienceForContinue{1};  // as curl has it

// Where the bytes of a body go: to a sink, or into memory up to a limit.
struct Destination {
  http::Response response;
  const Sink* sink = nullptr;
  std::size_t longest = 0;

  bool take(std::string_view part) {
    if (sink != nullptr) {
      (*sink)(response, part);
      return true;
    }
    if (part.size() > longest - response.body.size()) return false;
    response.body.append(part);
    return true;
  }
};

template <typename Head>
void take_head(const Head& head, http::Response& response) {
  response.status = head.result_int();
  for (const auto& field : head) {
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
}

// Beast's Body concept over it. The parser makes the reader before it reads, and calls init() behind the headers.
struct DestinationBody {
  using value_type = Destination*;

  class Reader {
   public:
    // Beast asks for readers of requests too, and makes none.
    template <bool is_request, class Fields>
    Reader(beast::http::header<is_request, Fields>& head, value_type& destination) : destination_(destination) {
      if constexpr (!is_request) {
        take_head_ = [&head](http::Response& response) { take_head(head, response); };
      }
    }

    void init(const boost::optional<std::uint64_t>& length, beast::error_code& error) {
      take_head_(destination_->response);
      const unsigned status = destination_->response.status;
      if (status < 200 || status >= 300) destination_->sink = nullptr;
      const bool too_long = length && destination_->sink == nullptr && *length > destination_->longest;
      error = too_long ? make_error_code(beast::http::error::body_limit) : beast::error_code();
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, beast::error_code& error) {
      error = {};
      std::size_t taken = 0;
      for (const beast::net::const_buffer buffer : beast::buffers_range_ref(buffers)) {
        if (!destination_->take({static_cast<const char*>(buffer.data()), buffer.size()})) {
          error = beast::http::error::body_limit;
          return taken;
        }
        taken += buffer.size();
      }
      return taken;
    }

    void finish(beast::error_code& error) { error = {}; }

   private:
    std::function<void(http::Response& response)> take_head_;
    value_type& destination_;
  };
  using reader = Reader;  // Beast's name for it
};

using Parser = beast::http::response_parser<DestinationBody>;

// Feeds `parser` from `received`, and that from `stream`, until it is done. `patience()` is until when the next byte
// may be waited for.
template <typename Patience>
void parse_all(Parser& parser, Stream& stream, std::string& received, const std::string& name, std::size_t longest_body,
               const Patience& patience) {
  const auto fail = [&](const beast::error_code& error) {
    if (error == beast::http::error::body_limit) {
      io::throw_input(fmt::format("the answer is longer than {} bytes", longest_body), name);
    }
    if (error == beast::http::error::header_limit) {
      io::throw_input(fmt::format("the headers of the answer are longer than {} bytes", kLongestHeaders), name);
    }
    io::throw_input("did not answer in HTTP: " + error.message(), name);
  };
  while (!parser.is_done()) {
    beast::error_code error;
    const std::size_t used = parser.put(beast::net::const_buffer(received.data(), received.size()), error);
    received.erase(0, used);
    if (error && error != beast::http::error::need_more) fail(error);
    if (parser.is_done() || used > 0) continue;
    // Of a body every byte is used: what is not is a line without an end, of the headers, of a chunk or behind them.
    if (received.size() > kLongestHeaders) fail(beast::http::error::header_limit);
    char bytes[kChunk];
    const std::size_t count = stream.read(bytes, sizeof bytes, patience());
    received.append(bytes, count);
    if (count > 0) continue;
    if (!parser.got_some() && received.empty()) io::throw_input("closed the connection without an answer", name);
    parser.put_eof(error);
    if (error) io::throw_input("closed the connection in the middle of its answer", name);
  }
}

}  // namespace

Connection::Connection(const Target& target, ConnectionOptions options, const Deadline& deadline)
    : target_(target), options_(std::move(options)), stream_(target, options_.trust, deadline) {}

Deadline Connection::patience(const Deadline& deadline) const {
  return options_.longest_silence == Clock::duration::max() ? deadline : deadline.within(options_.longest_silence);
}

bool Connection::is_idle() {
  return stays_open_ && received_.empty() && !stream_.readable(Deadline{Clock::now() - std::chrono::seconds(1)});
}

std::string Connection::head_of(const Call& call) const {
  const std::string target = target_.endpoint.path + call.target;
  std::vector<http::Header> headers = {{"Host", target_.host()}, {"User-Agent", options_.user_agent}};
  headers.insert(headers.end(), call.headers.begin(), call.headers.end());
  if (options_.signer) options_.signer(call.method, target, call.body, headers);
  if (call.chunked) {
    headers.push_back({"Transfer-Encoding", "chunked"});
  } else if (call.method != "GET" && call.method != "HEAD") {
    headers.push_back({"Content-Length", std::to_string(call.body.size())});
  }
  if (call.expects_continue) headers.push_back({"Expect", "100-continue"});
  constexpr std::string_view kEnds("\r\n\0", 3);
  if (target.find_first_of(kEnds) != std::string::npos || target.find(' ') != std::string::npos) {
    io::throw_input("a blank or a line end stands in the path of the request", target_.endpoint.text());
  }
  for (const http::Header& header : headers) {
    // Without the value: it may be a secret.
    if (header.name.find_first_of(kEnds) != std::string::npos ||
        header.value.find_first_of(kEnds) != std::string::npos) {
      io::throw_input("the value of " + header.name + " has a line end", target_.endpoint.text());
    }
  }
  std::string head = call.method + " " + target + " HTTP/1.1\r\n";
  for (const http::Header& header : headers) head += header.name + ": " + header.value + "\r\n";
  return head + "\r\n";
}

// A part at a time, so that silence is counted from the last one.
bool Connection::send_bytes(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kChunk);
    bytes.remove_prefix(part.size());
    if (!stream_.write(part, patience(deadline))) return false;
  }
  return true;
}

// False where the server takes no more of it.
bool Connection::send_body(const Call& call, const Deadline& deadline) {
  if (!call.chunked) return send_bytes(call.body, deadline);
  std::string_view left = call.body;
  while (!left.empty()) {
    const std::string_view part = left.substr(0, kChunk);
    left.remove_prefix(part.size());
    const std::string chunk = fmt::format("{:x}\r\n{}\r\n", part.size(), part);
    if (!stream_.write(chunk, patience(deadline))) return false;
  }
  return stream_.write("0\r\n\r\n", patience(deadline));
}

http::Response Connection::send(const Call& call, const Deadline& deadline) {
  std::string head = head_of(call);
  bool taken = false;
  stays_open_ = false;  // until the whole answer is there
  if (call.expects_continue) {
    taken = stream_.write(head, patience(deadline));
    // Whatever comes first is read below: "go on", or already the answer.
    stream_.readable(deadline.within(kPatienceForContinue));
    taken = taken && send_body(call, deadline);
  } else if (call.chunked || call.body.size() > kChunk) {
    taken = stream_.write(head, patience(deadline)) && send_body(call, deadline);
  } else {
    head += call.body;  // in one segment
    taken = stream_.write(head, patience(deadline));
  }
  http::Response response = receive(call, deadline);
  if (!taken) stays_open_ = false;
  return response;
}

http::Response Connection::receive(const Call& call, const Deadline& deadline) {
  const std::string name = target_.endpoint.text();
  for (unsigned interim = 0; interim < kMostInterimAnswers; ++interim) {
    Destination destination{.response = {}, .sink = call.sink ? &call.sink : nullptr, .longest = options_.longest_body};
    Parser parser;
    parser.get().body() = &destination;
    parser.header_limit(static_cast<std::uint32_t>(kLongestHeaders));
    // The destination has its own. Not boost::none, beyond which Beast 1.74 takes any length to be.
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    parser.eager(true);
    parser.skip(call.method == "HEAD");
    parse_all(parser, stream_, received_, name, options_.longest_body, [&] { return patience(deadline); });
    if (parser.get().result_int() < 200) continue;
    stays_open_ = parser.keep_alive();
    // The body's reader has not been asked where there is none.
    http::Response response = std::move(destination.response);
    if (response.status == 0) take_head(parser.get(), response);
    return response;
  }
  io::throw_input("answered with 1xx and nothing else", name);
}

}  // namespace textlambda::tls
