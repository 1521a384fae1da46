// The answer that a function streams, on its way to who called it: what has come and was not taken yet, no more than a
// little, so that the one waits for the other. Not thread-safe; both on one io_context that one thread runs.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "textlambda/emulator/asio.h"

namespace textlambda::emulator {

class AnswerStream {
 public:
  explicit AnswerStream(asio::io_context& context) : written_(context), taken_(context) {}

  // ---- the function's side
  void begin(std::string content_type);
  // Returns once there is room for more, or nobody to take it.
  Awaitable<> put(std::string bytes);
  // All is over, whatever was begun.
  void end();

  // ---- the caller's side
  // Until it begins; false where it ended without.
  Awaitable<bool> begun();
  const std::string& content_type() const { return content_type_; }
  // What comes next; the last is empty.
  Awaitable<BodyPiece> take();
  // Takes no more; what still comes is forgotten.
  void leave();

 private:
  static constexpr std::size_t kMostWaiting = std::size_t{256} << 10;

  std::string content_type_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  bool left_ = false;
  Signal written_;  // something was, or it ended
  Signal taken_;
};

}  // namespace textlambda::emulator
