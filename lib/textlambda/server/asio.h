// Boost.Asio and Beast as the servers use them: coroutines on one thread, nothing of it thread-safe.
#pragma once

#include <utility>  // Boost 1.74 uses std::exchange without saying so

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace textlambda::server {

namespace asio = boost::asio;
template <typename T = void>
using Awaitable = asio::awaitable<T>;
using Clock = std::chrono::steady_clock;

// Waits that long; false where the context has ended the wait.
inline Awaitable<bool> wait_for(asio::io_context& context, Clock::duration time) {
  asio::steady_timer timer(context, time);
  boost::system::error_code ended;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  co_return !ended;
}

// What one coroutine waits for and others bring about. One waits at a time; what was notified before a wait ends it.
class Signal {
 public:
  explicit Signal(asio::io_context& context) : timer_(context) {}

  void notify() {
    notified_ = true;
    timer_.cancel();
  }
  // Whether it was notified before that moment.
  Awaitable<bool> wait_until(Clock::time_point moment) {
    if (!notified_) {
      timer_.expires_at(moment);
      boost::system::error_code ended;
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    co_return std::exchange(notified_, false);
  }
  Awaitable<> wait() { co_await wait_until(Clock::time_point::max()); }

 private:
  asio::steady_timer timer_;
  bool notified_ = false;
};

}  // namespace textlambda::server
