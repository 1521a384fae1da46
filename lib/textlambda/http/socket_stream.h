// A connected TCP socket as Beast's SyncStream. Every wait ends with a byte moved, an error, the timeout or the
// interrupt. Private to this folder.
#pragma once

#include <sys/uio.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "textlambda/http/endpoint.h"

namespace textlambda::http {

using ErrorCode = boost::system::error_code;

// How a wait may end besides the errors of the system.
constexpr auto kTimeout = boost::asio::error::timed_out;               // the server was silent for too long
constexpr auto kInterrupted = boost::asio::error::operation_aborted;   // the interrupt can be read
constexpr auto kEarlyAnswer = boost::asio::error::connection_aborted;  // it answers or hung up, and reads no further

class SocketStream {
 public:
  explicit SocketStream(std::optional<std::chrono::milliseconds> timeout) : timeout_(timeout) {}
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;
  ~SocketStream() { close(); }

  // `address` is an IP literal.
  void connect(const std::string& address, std::uint16_t port, ErrorCode& error);
  void close();
  bool is_open() const { return fd_ >= 0; }
  // An idle connection that the server has closed, or written to unasked, is not to be used.
  bool is_idle() const;
  // A descriptor that ends the waits before the next byte received, once it can be read; -1: nothing does.
  void set_interrupt(int fd) { interrupt_ = fd; }

  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers, ErrorCode& error) {
    return receive(gather(boost::asio::buffer_sequence_begin(buffers), boost::asio::buffer_sequence_end(buffers)),
                   error);
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers, ErrorCode& error) {
    return transmit(gather(boost::asio::buffer_sequence_begin(buffers), boost::asio::buffer_sequence_end(buffers)),
                    error);
  }
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers) {
    return or_throw([&](ErrorCode& error) { return read_some(buffers, error); });
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers) {
    return or_throw([&](ErrorCode& error) { return write_some(buffers, error); });
  }

 private:
  struct Parts {
    std::array<iovec, 16> parts;
    std::size_t count = 0;
  };

  template <typename Iterator>
  static Parts gather(Iterator begin, Iterator end) {
    Parts gathered;
    for (; begin != end && gathered.count < gathered.parts.size(); ++begin) {
      // As a const buffer, whichever it was: iovec has no const.
      const boost::asio::const_buffer buffer(*begin);
      if (buffer.size() == 0) continue;
      gathered.parts[gathered.count++] = {const_cast<void*>(buffer.data()), buffer.size()};
    }
    return gathered;
  }

  template <typename Call>
  static std::size_t or_throw(const Call& call) {
    ErrorCode error;
    const std::size_t moved = call(error);
    if (error) throw boost::system::system_error(error);
    return moved;
  }

  std::size_t receive(Parts parts, ErrorCode& error);
  std::size_t transmit(Parts parts, ErrorCode& error);
  // Waits for `events`; what came of them, 0 with `error` set otherwise.
  short wait(short events, ErrorCode& error) const;

  int fd_ = -1;
  int interrupt_ = -1;
  std::optional<std::chrono::milliseconds> timeout_;
};

}  // namespace textlambda::http
