// Invocations kept as recordings, a file each, in a folder a function: what `textlambda-replay FOLDER --expect` reads
// (docs/replay.md). A file is there whole or not at all. Folders and files are their owner's alone, for events hold
// what people wrote. Writing is a thread's business of its own: neither a slow disk nor a full one is anything that an
// invocation notices. All calls from one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace textlambda::emulator {

struct RecorderOptions {
  // Files of this run; what comes after them is left out. None: any number.
  std::optional<std::uint64_t> most_files = {};
  // Of events and answers that the disk has not taken yet; beyond it they are lost.
  std::size_t most_waiting_bytes = std::size_t{64} << 20;
};

struct RecordedInvocation {
  std::string function;
  std::string function_arn;
  std::string request_id;
  std::string trace_id;
  std::string client_context;  // JSON; empty: none
  std::string event;           // JSON
  // What the function answered or reported; none where it gave no answer (is_function_answer()). Kept where it is JSON.
  std::optional<std::string> response;
  std::chrono::system_clock::time_point arrived;
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds init{};  // 0 where the environment was warm
  unsigned memory_mb = 0;           // 0: not told
};

// Whether an error of this type is the function's, and so its answer: a timeout, an exit, and an answer that is too
// large are told in its place, each time in other words. Of a success the type is empty.
bool is_function_answer(std::string_view error_type);

struct RecorderCounts {
  std::uint64_t written = 0;
  std::uint64_t left_out = 0;  // beyond most_files
  std::uint64_t lost = 0;      // that could not be written
};

class Recorder {
 public:
  // Makes the folder where it is not there. Throws Error(input_output) where nothing can be written there.
  Recorder(std::string folder, RecorderOptions options);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  // As finish() does.
  ~Recorder();

  void record(RecordedInvocation invocation);

  // What the user is to be told since the last call, in one line: that recordings are lost, and why, or left out. Each
  // of the two once. Empty: nothing.
  std::string take_notice();

  // Writes what is still waiting. Nothing may be recorded after it.
  void finish();

  RecorderCounts counts() const;

 private:
  class Writer;

  RecorderOptions options_;
  std::unique_ptr<Writer> writer_;
  std::uint64_t taken_ = 0;
  std::uint64_t left_out_ = 0;
  bool told_left_out_ = false;
  bool told_lost_ = false;
};

// The text of a recording, and the name of its file: "20261103T102200.123456Z-REQUEST_ID.json". Pure functions.
std::string recording_text(const RecordedInvocation& invocation);
std::string recording_name(const RecordedInvocation& invocation);

}  // namespace textlambda::emulator
