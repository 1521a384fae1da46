// Signed requests to services of AWS: sent again where that may help, over connections that are kept. Not thread-safe:
// a client a thread, of one session.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/aws/service_error.h"
#include "textlambda/aws/session.h"
#include "textlambda/http/message.h"
#include "textlambda/signing/signature_v4.h"
#include "textlambda/tls/connection.h"

namespace textlambda::aws {

struct ClientOptions {
  unsigned attempts = 5;                             // at most, the first among them
  std::chrono::seconds time{300};                    // since the first, behind which none is begun
  std::chrono::seconds longest_attempt{3600};        // that one may take
  std::chrono::milliseconds longest_silence{60000};  // of a peer, while it should read or write
  std::size_t longest_body = tls::kLongestBody;      // of an answer that no sink takes
};

struct Request {
  std::string method = "GET";
  std::string target = "/";                // path and query, percent-encoded, behind the endpoint's own path
  std::vector<http::Header> headers = {};  // besides those of HTTP itself and of the signature
  std::string_view body = {};              // not owned
  tls::Sink sink = {};
  // False: what may have been begun by the other side is not asked for twice, as an invocation. What it says it has
  // refused is.
  bool repeatable = true;
  // Called before the request is sent again: a download goes on where it stopped.
  std::function<void(Request& request)> before_again = {};
};

// Where a request goes, and what its signature is good for.
struct Destination {
  tls::Target target;
  signing::Scope scope;
};

class Client {
 public:
  explicit Client(std::shared_ptr<Session> session, ClientOptions options = {});

  Session& session() const { return *session_; }

  // The answer, whatever its status: also the last of those that were sent again in vain. Signs anew each time, after
  // an answer that the credentials are expired with new ones where there are any, and by the other side's clock where
  // it finds that this one's is wrong. Throws Error(input_output), "SUBJECT: …", where the last attempt had no answer;
  // a sink's own errors as they are.
  http::Response send(const Destination& to, Request request, std::string_view subject);

 private:
  class Attempts;

  http::Response attempt(const Destination& to, const Request& request, bool& begun);
  tls::Connection& connection_to(const Destination& to, const tls::Deadline& deadline);
  void sign(const signing::Scope& scope, const std::string& method, const std::string& target, std::string_view body,
            std::vector<http::Header>& headers);
  bool is_helped(const http::Response& response, const Fault& fault);

  std::shared_ptr<Session> session_;
  ClientOptions options_;
  std::chrono::seconds clock_is_off_{0};  // what the other side's is ahead
  struct Kept {
    signing::Scope scope;
    std::unique_ptr<tls::Connection> connection;
  };
  std::map<std::string, Kept> kept_;  // by host and port
};

}  // namespace textlambda::aws
