#include "textlambda/aws/client.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "textlambda/aws/retry.h"
#include "textlambda/io/error.h"

namespace textlambda::aws {
namespace {

constexpr std::size_t kMostKept = 8;  // connections
constexpr std::chrono::seconds kLongestAsked{20};

// What a sink throws is no fault of the connection: it ends all attempts.
struct SinkFailure {
  std::exception_ptr cause;
};

tls::Sink guarded(const tls::Sink& sink) {
  if (!sink) return {};
  return [&sink](const http::Response& head, std::string_view part) {
    try {
      sink(head, part);
    } catch (...) {
      throw SinkFailure{std::current_exception()};
    }
  };
}

bool is_expired(const Fault& fault) {
  return fault.code == "ExpiredToken" || fault.code == "ExpiredTokenException" || fault.code == "TokenRefreshRequired";
}

// Signatures are good for five minutes around the other side's time, S3's for fifteen.
bool is_about_the_clock(const Fault& fault) {
  if (fault.code == "RequestTimeTooSkewed" || fault.code == "RequestExpired") return true;
  const bool signature = fault.code == "InvalidSignatureException" || fault.code == "SignatureDoesNotMatch";
  return signature && (fault.message.find("expired") != std::string::npos ||
                       fault.message.find("not yet current") != std::string::npos);
}

std::chrono::milliseconds asked_for(const http::Response& response) {
  const std::string_view text = response.header("Retry-After");
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return std::min(kLongestAsked, std::chrono::seconds(seconds));
}

tls::Clock::time_point end_of_requests(const Surroundings& surroundings) {
  const auto until = surroundings.until ? surroundings.until() : std::nullopt;
  return until.value_or(tls::Clock::time_point::max());
}

}  // namespace

// How many there were, and whether there is time for another one.
class Client::Attempts {
 public:
  Attempts(const Surroundings& surroundings, const ClientOptions& options)
      : surroundings_(surroundings), options_(options), begun_(surroundings.elapsed()) {}

  unsigned made() const { return made_; }
  void begin() { ++made_; }

  // Sleeps, and is true; or false at once where none is left.
  bool wait_for_next(std::chrono::milliseconds asked) {
    if (made_ >= options_.attempts) return false;
    const std::chrono::milliseconds pause = std::max(backoff(made_, surroundings_.random()), asked);
    if (surroundings_.elapsed() - begun_ + pause >= options_.time) return false;
    if (tls::Clock::now() + pause >= end_of_requests(surroundings_)) return false;
    surroundings_.sleep(pause);
    return true;
  }

 private:
  const Surroundings& surroundings_;
  const ClientOptions& options_;
  std::chrono::milliseconds begun_;
  unsigned made_ = 0;
};

Client::Client(std::shared_ptr<Session> session, ClientOptions options)
    : session_(std::move(session)), options_(options) {}

void Client::sign(const signing::Scope& scope, const std::string& method, const std::string& target,
                  std::string_view body, std::vector<http::Header>& headers) {
  // S3 wants the header; the others take it.
  if (scope.service == "s3" && http::find_header(headers, signing::kContentHashHeader).empty()) {
    headers.push_back({std::string(signing::kContentHashHeader), signing::body_hash(body)});
  }
  const std::vector<http::Header> added =
      signing::signature_headers({.method = method, .target = target, .headers = headers, .body = body},
                                 session_->credentials(), scope, session_->surroundings().now() + clock_is_off_);
  headers.insert(headers.end(), added.begin(), added.end());
}

tls::Connection& Client::connection_to(const Destination& to, const tls::Deadline& deadline) {
  const std::string name = to.target.endpoint.text() + to.target.endpoint.path;
  if (const auto found = kept_.find(name); found != kept_.end()) {
    if (found->second.connection->is_idle()) {
      found->second.scope = to.scope;
      return *found->second.connection;
    }
    kept_.erase(found);
  }
  if (kept_.size() >= kMostKept) kept_.clear();
  Kept& kept = kept_[name];
  kept.scope = to.scope;
  try {
    tls::ConnectionOptions options{.user_agent = "textlambda",
                                   .signer = {},
                                   .longest_body = options_.longest_body,
                                   .longest_silence = options_.longest_silence,
                                   .trust = session_->trust()};
    // The map's elements stay where they are.
    options.signer = [this, &kept](const std::string& method, const std::string& path, std::string_view body,
                                   std::vector<http::Header>& headers) {
      sign(kept.scope, method, path, body, headers);
    };
    kept.connection =
        std::make_unique<tls::Connection>(to.target, std::move(options), deadline.within(options_.longest_silence));
  } catch (...) {
    kept_.erase(name);
    throw;
  }
  return *kept.connection;
}

// `begun`: the other side may have had the request.
http::Response Client::attempt(const Destination& to, const Request& request, bool& begun) {
  const tls::Deadline deadline{
      std::min(tls::Clock::now() + options_.longest_attempt, end_of_requests(session_->surroundings())), nullptr};
  tls::Connection& connection = connection_to(to, deadline);
  begun = true;
  return connection.send({.method = request.method,
                          .target = request.target,
                          .headers = request.headers,
                          .body = request.body,
                          .sink = guarded(request.sink)},
                         deadline);
}

// Whether what was wrong with the signature is put right.
bool Client::is_helped(const http::Response& response, const Fault& fault) {
  if (is_expired(fault)) return session_->forget_credentials();
  if (!is_about_the_clock(fault)) return false;
  const std::optional<signing::Moment> there = signing::parse_http_date(response.header("Date"));
  if (!there) return false;
  const std::chrono::seconds off = *there - session_->surroundings().now();
  const bool is_new = std::chrono::abs(off - clock_is_off_) > std::chrono::minutes(1);
  clock_is_off_ = off;
  return is_new;
}

http::Response Client::send(const Destination& to, Request request, std::string_view subject) {
  Attempts attempts(session_->surroundings(), options_);
  bool helped = false;
  while (true) {
    std::chrono::milliseconds asked{};
    bool begun = false;
    attempts.begin();
    session_->credentials();  // where there are none, nobody needs to be reached
    try {
      http::Response response = attempt(to, request, begun);
      if (response.status < 300) return response;
      const Fault fault = fault_of(response);
      if (!helped && is_helped(response, fault)) {
        helped = true;
        if (request.before_again) request.before_again(request);
        continue;
      }
      const bool again = request.repeatable ? is_transient(fault) : is_throttling(fault);
      asked = asked_for(response);
      if (!again || !attempts.wait_for_next(asked)) return response;
    } catch (const SinkFailure& failure) {
      kept_.clear();
      std::rethrow_exception(failure.cause);
    } catch (const tls::TrustError&) {
      throw;
    } catch (const io::Error& error) {
      kept_.erase(to.target.endpoint.text() + to.target.endpoint.path);
      const bool again = error.kind() == io::ErrorKind::input_output && (request.repeatable || !begun);
      if (!again || !attempts.wait_for_next(asked)) {
        const std::string tried = attempts.made() > 1 ? fmt::format(" (tried {} times)", attempts.made()) : "";
        throw io::Error(error.kind(), std::string(error.what()) + tried, subject);
      }
    }
    if (request.before_again) request.before_again(request);
  }
}

}  // namespace textlambda::aws
