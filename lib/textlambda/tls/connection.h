// HTTP/1.1 over one connection, as a client speaks it that may be odd on purpose: bodies in chunks, Expect, HEAD. What
// comes back is bounded in memory. Not thread-safe: a connection a thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/http/message.h"
#include "textlambda/tls/deadline.h"
#include "textlambda/tls/stream.h"

namespace textlambda::tls {

// What an answer may be at most, in bytes. Lambda's own are up to 6 MiB and 100 bytes.
inline constexpr std::size_t kLongestHeaders = std::size_t{64} << 10;
inline constexpr std::size_t kLongestBody = std::size_t{16} << 20;

// Takes the body of an answer with status 2xx, part after part, in place of Response::body, which then is empty. `head`
// is the answer's status and headers. What it throws ends send() and the connection is of no more use.
using Sink = std::function<void(const http::Response& head, std::string_view part)>;

struct Call {
  std::string method = "POST";
  std::string target = "/";                // behind the path of the endpoint
  std::vector<http::Header> headers = {};  // besides Host, User-Agent and what frames the body
  std::string_view body = {};              // not owned
  bool chunked = false;                    // the body in chunks, with no length before it
  bool expects_continue = false;           // the body once the server has said to go on, or after a second
  Sink sink = {};
};

// Adds the headers that tell who asks, such as AWS Signature 4's; those that are there already are what is signed, Host
// among them. `target` is the whole path and query.
using Signer = std::function<void(const std::string& method, const std::string& target, std::string_view body,
                                  std::vector<http::Header>& headers)>;

struct ConnectionOptions {
  std::string user_agent = "textlambda";
  Signer signer = {};
  std::size_t longest_body = kLongestBody;  // of what is no sink's
  // How long a peer that has to read or to write may do neither. None: until the deadline.
  Clock::duration longest_silence = Clock::duration::max();
  TrustOptions trust = {};
};

class Connection {
 public:
  // Connects. Throws Error(input_output), a TrustError among them.
  Connection(const Target& target, ConnectionOptions options, const Deadline& deadline);

  // Sends and waits for the whole answer, whatever its status; 1xx answers are passed over. Throws Error(input_output)
  // that says what came instead of an answer in HTTP, or that none came in time.
  http::Response send(const Call& call, const Deadline& deadline);

  // Whether the last answer leaves it open for another request.
  bool stays_open() const { return stays_open_; }
  // Whether it is open and silent, as a connection is that can be used again.
  bool is_idle();

 private:
  std::string head_of(const Call& call) const;
  bool send_bytes(std::string_view bytes, const Deadline& deadline);
  bool send_body(const Call& call, const Deadline& deadline);
  http::Response receive(const Call& call, const Deadline& deadline);
  Deadline patience(const Deadline& deadline) const;

  Target target_;
  ConnectionOptions options_;
  Stream stream_;
  std::string received_;  // and not read yet
  bool stays_open_ = true;
};

}  // namespace textlambda::tls
