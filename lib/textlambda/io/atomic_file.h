// A file that appears whole or not at all: written beside its target without a name, synced, then named and renamed
// over it. Where the file system knows no files without names it has a temporary one, which remove_pending_files()
// (pending_files.h) takes away in a handler of signals, and the next run over the same target after a kill. Not
// thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/io/pending_files.h"

namespace textlambda::io {

class RemoteFiles;

struct AtomicFileOptions {
  // A file that is new has these permissions, of which the umask takes away, and none that the file `no_wider_than`
  // lacks, where that is named and there.
  unsigned mode = 0666;
  std::string no_wider_than = {};
  // Also where the machine loses its power at once: commit() waits for the disk. Without, the system writes when it
  // likes, and after such a loss the file may be there and empty.
  bool durable = true;
};

class AtomicFile {
 public:
  // Opens what is written in the target's folder. A target that is a symbolic link has what it points to replaced, or
  // made where that is not there. What is no regular file is written to directly, since renaming over it would destroy
  // it: a pipe, /dev/null; and /dev/stdout, /dev/fd/N and their like are the descriptors that they name, whatever is
  // behind them. A file that is replaced keeps its permissions. Throws Error(input_output).
  AtomicFile(const std::string& path, const AtomicFileOptions& options);
  explicit AtomicFile(const std::string& path, const std::string& no_wider_than = "");
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  // Without commit(): the target is as it was, nothing is left beside it.
  ~AtomicFile();

  // Throws Error(input_output), e.g. on a full disk.
  void write(std::string_view bytes);
  // Syncs, unless that is not asked for, and renames. At most once.
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action, int error_number);
  void open_in_folder(unsigned mode);
  void give_name();
  // The same bytes in a file with a name: where the file system has files without one, but cannot name them.
  void copy_to_named();

  std::string path_;
  PendingName temporary_;
  RemoteFiles* remote_ = nullptr;  // where it goes to another machine
  bool direct_ = false;            // no renaming
  bool durable_ = true;
  int fd_ = -1;
};

// One call for content already in memory.
void write_file(const std::string& path, std::string_view bytes, const std::string& no_wider_than = "");
void write_file(const std::string& path, std::string_view bytes, const AtomicFileOptions& options);

}  // namespace textlambda::io
