// What a path means that is to be written to. Symbolic links are followed to their end, also where nothing is there
// yet; /dev/stdout, /dev/fd/N and /proc/self/fd/N are descriptors that somebody else has opened, at a place and in a
// way of their own (a shell's ">>"), not names of the files behind them. Thread-safe.
#pragma once

#include <string>

namespace textlambda::io {

struct OutputTarget {
  std::string path;      // no symbolic link, unless it cannot be followed
  int descriptor = -1;   // of this process, the caller's to keep open; -1 for a path
  bool foreign = false;  // a descriptor of another process: `path` can be opened, not renamed over
};

OutputTarget resolve_output(const std::string& path);

// Whether two paths mean one file: one by device and inode, hard links among them, or one name where nothing is there
// yet. "-" is standard output. Where both are the same terminal, pipe or device other than /dev/null, that counts too.
bool same_output(const std::string& one, const std::string& other);

// Whether what is written to `output` would end up in the regular file `input`. "-" as `output` is standard output.
bool overwrites(const std::string& output, const std::string& input);

// "-", /dev/stdout and whatever else is descriptor 1.
bool is_standard_output(const std::string& path);

}  // namespace textlambda::io
