#include "textlambda/conform/connection.h"

#include <algorithm>
#include <utility>

#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::conform {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr unsigned kMostInterimAnswers = 16;
constexpr std::chrono::seconds kPatienceForContinue{1};  // as curl has it

// Feeds `parser` from `received`, and that from `stream`, until `done` holds.
template <typename Done>
void parse_until(Parser& parser, Stream& stream, std::string& received, const std::string& name,
                 const Deadline& deadline, const Done& done) {
  const auto fail = [&](const beast::error_code& error) {
    if (error == beast::http::error::body_limit) {
      io::throw_input(fmt::format("the answer is longer than {} bytes", kLongestBody), name);
    }
    if (error == beast::http::error::header_limit) {
      io::throw_input(fmt::format("the headers of the answer are longer than {} bytes", kLongestHeaders), name);
    }
    io::throw_input("did not answer in HTTP: " + error.message(), name);
  };
  while (!done()) {
    beast::error_code error;
    const std::size_t used = parser.put(beast::net::const_buffer(received.data(), received.size()), error);
    received.erase(0, used);
    if (error && error != beast::http::error::need_more) fail(error);
    if (done() || used > 0) continue;
    if (!parser.is_header_done() && received.size() > kLongestHeaders) fail(beast::http::error::header_limit);
    char bytes[kChunk];
    const std::size_t count = stream.read(bytes, sizeof bytes, deadline);
    received.append(bytes, count);
    if (count > 0) continue;
    if (!parser.got_some() && received.empty()) io::throw_input("closed the connection without an answer", name);
    parser.put_eof(error);
    if (error) io::throw_input("closed the connection in the middle of its answer", name);
  }
}

}  // namespace

Connection::Connection(const Target& target, Signer signer, const Deadline& deadline)
    : target_(target), signer_(std::move(signer)), stream_(target, deadline) {}

std::string Connection::head_of(const Call& call) const {
  const std::string target = target_.endpoint.path + call.target;
  std::vector<http::Header> headers = {{"Host", target_.host()}, {"User-Agent", "textlambda-conform"}};
  headers.insert(headers.end(), call.headers.begin(), call.headers.end());
  if (signer_) signer_(call.method, target, call.body, headers);
  if (call.chunked) {
    headers.push_back({"Transfer-Encoding", "chunked"});
  } else if (call.method != "GET" && call.method != "HEAD") {
    headers.push_back({"Content-Length", std::to_string(call.body.size())});
  }
  if (call.expects_continue) headers.push_back({"Expect", "100-continue"});
  std::string head = call.method + " " + target + " HTTP/1.1\r\n";
  for (const http::Header& header : headers) head += header.name + ": " + header.value + "\r\n";
  return head + "\r\n";
}

// False where the server takes no more of it.
bool Connection::send_body(const Call& call, const Deadline& deadline) {
  if (!call.chunked) return stream_.write(call.body, deadline);
  std::string_view left = call.body;
  while (!left.empty()) {
    const std::string_view part = left.substr(0, kChunk);
    left.remove_prefix(part.size());
    const std::string chunk = fmt::format("{:x}\r\n{}\r\n", part.size(), part);
    if (!stream_.write(chunk, deadline)) return false;
  }
  return stream_.write("0\r\n\r\n", deadline);
}

http::Response Connection::send(const Call& call, const Deadline& deadline) {
  std::string head = head_of(call);
  bool taken = false;
  if (call.expects_continue) {
    taken = stream_.write(head, deadline);
    // Whatever comes first is read below: "go on", or already the answer.
    stream_.readable(deadline.within(kPatienceForContinue));
    taken = taken && send_body(call, deadline);
  } else if (call.chunked || call.body.size() > kChunk) {
    taken = stream_.write(head, deadline) && send_body(call, deadline);
  } else {
    head += call.body;  // in one segment
    taken = stream_.write(head, deadline);
  }
  http::Response response = receive(call.method == "HEAD", deadline);
  if (!taken) stays_open_ = false;
  return response;
}

http::Response Connection::receive(bool is_head, const Deadline& deadline) {
  const std::string name = target_.endpoint.text();
  for (unsigned interim = 0; interim < kMostInterimAnswers; ++interim) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(kLongestHeaders));
    parser.body_limit(kLongestBody);
    parser.eager(true);
    parser.skip(is_head);
    parse_until(parser, stream_, received_, name, deadline, [&] { return parser.is_header_done(); });
    const unsigned status = parser.get().result_int();
    if (status < 200) continue;
    parse_until(parser, stream_, received_, name, deadline, [&] { return parser.is_done(); });
    stays_open_ = parser.keep_alive();
    http::Response response{.status = status, .headers = {}, .body = std::move(parser.get().body())};
    for (const auto& field : parser.get()) {
      response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    return response;
  }
  io::throw_input("answered with 1xx and nothing else", name);
}

}  // namespace textlambda::conform
