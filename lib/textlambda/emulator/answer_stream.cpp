#include "textlambda/emulator/answer_stream.h"

#include <utility>

namespace textlambda::emulator {

void AnswerStream::begin(std::string content_type) {
  content_type_ = std::move(content_type);
  begun_ = true;
  written_.notify();
}

Awaitable<> AnswerStream::put(std::string bytes) {
  if (left_ || ended_ || bytes.empty()) co_return;
  waiting_bytes_ += bytes.size();
  waiting_.push_back(std::move(bytes));
  written_.notify();
  while (!left_ && !ended_ && waiting_bytes_ > kMostWaiting) co_await taken_.wait();
}

void AnswerStream::end() {
  ended_ = true;
  written_.notify();
  taken_.notify();
}

Awaitable<bool> AnswerStream::begun() {
  while (!begun_ && !ended_) co_await written_.wait();
  co_return begun_;
}

Awaitable<BodyPiece> AnswerStream::take() {
  while (waiting_.empty() && !ended_) co_await written_.wait();
  BodyPiece piece;
  if (waiting_.empty()) {
    piece.last = true;
    co_return piece;
  }
  piece.bytes = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= piece.bytes.size();
  taken_.notify();
  co_return piece;
}

void AnswerStream::leave() {
  left_ = true;
  waiting_.clear();
  waiting_bytes_ = 0;
  taken_.notify();
}

}  // namespace textlambda::emulator
