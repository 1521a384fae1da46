// Writes responses into the files that their recordings came from, everything else in them kept byte for byte. Each
// file appears whole or stays as it was, which it does too where somebody else changed it since it was read. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/recording/recording.h"

namespace textlambda::recording {

class ResponseWriter {
 public:
  ResponseWriter();
  ResponseWriter(const ResponseWriter&) = delete;
  ResponseWriter& operator=(const ResponseWriter&) = delete;
  // Without finish(): the file being written stays as it was.
  ~ResponseWriter();

  // Recordings in the order in which they were read; those that are to stay as they are may be left out. `response` is
  // compact JSON. A recording's "response" is replaced or added; a bare event that is alone in NAME.json has
  // NAME.expected.json written; any other bare event becomes a recording. Throws Error(usage) for what cannot be
  // rewritten (standard input, compressed files, zips, logs), Error(input_output) where writing fails.
  void put(const Recording& recording, std::string_view response);
  // After the last recording.
  void finish();

  std::uint64_t files() const { return files_; }

 private:
  class Rewrite;

  std::unique_ptr<Rewrite> rewrite_;
  std::uint64_t files_ = 0;
};

// Why this recording cannot be rewritten, in one line; empty where it can.
std::string_view rewriting_fault(const Recording& recording);

}  // namespace textlambda::recording
