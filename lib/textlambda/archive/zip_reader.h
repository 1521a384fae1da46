// The files in a zip held in memory, one after the other in the order in which they lie in it. Nothing is written to
// disk, so a name is only a name. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace textlambda::archive {

// What a zip may hold: a few kilobytes can claim, or unpack to, any amount.
struct ZipLimits {
  std::uint64_t max_entries = 1'000'000;                    // folders count
  std::uint64_t max_entry_bytes = std::uint64_t{1} << 30;   // of one file, unpacked
  std::uint64_t max_total_bytes = std::uint64_t{16} << 30;  // of all files read, unpacked
};

struct ZipEntry {
  std::string path;     // inside the zip, as stored; UTF-8 where the zip says or looks so
  std::string name;     // for messages: "events.zip!folder/one.json", control characters shown as '?'
  std::string content;  // unpacked, checksum verified
  unsigned mode = 0;    // permission bits, e.g. 0755; 0 where the zip was not made on Unix
};

// Told by the first bytes.
bool is_zip(std::string_view bytes);

class ZipReader {
 public:
  // `bytes` have to outlive the reader; `file` is for messages. Throws Error(input_output) if they are not a whole zip.
  ZipReader(std::string_view bytes, std::string file, const ZipLimits& limits = {});
  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;
  ~ZipReader();

  // The next file; nothing after the last. Folders are passed over. Throws Error(input_output), which names the entry,
  // for one that is damaged, encrypted, not a regular file, or beyond a limit; the reader is of no use after that.
  std::optional<ZipEntry> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace textlambda::archive
