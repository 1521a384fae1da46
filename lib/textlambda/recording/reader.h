// Reads recordings from whatever a command line names: see docs/replay.md for what counts as an event. Every event is
// delivered, in order; so is a file that cannot be used, with a reason. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/recording/document.h"
#include "textlambda/recording/input_list.h"
#include "textlambda/recording/recording.h"

namespace textlambda::recording {

struct ReadOptions {
  DocumentOptions document;
  // A file, once decompressed; compressed and piped ones are held in memory.
  std::uint64_t max_input_bytes = std::uint64_t{4} << 30;
};

// The fault of options in one line; empty where there is none.
std::string option_fault(const ReadOptions& options);

struct ReadSummary {
  std::uint64_t files = 0;
  std::uint64_t unreadable_files = 0;
  std::uint64_t lines_without = 0;  // lines of logs that hold no event
  std::string first_without;        // the first of them, "file:line"
};

class Reader {
 public:
  // Throws Error(usage) for bad options, Error(input_output) as list_inputs() does.
  Reader(const std::vector<std::string>& paths, ReadOptions options);

  const std::vector<std::string>& files() const { return list_.files; }
  const std::vector<std::string>& passed_over() const { return list_.passed_over; }

  // Reads everything once, until `deliver` returns false. `share(done)`, from 0 to 1, is called now and then.
  ReadSummary read(const std::function<bool(Recording&&)>& deliver,
                   const std::function<void(double)>& share = {}) const;

 private:
  InputList list_;
  ReadOptions options_;
};

}  // namespace textlambda::recording
