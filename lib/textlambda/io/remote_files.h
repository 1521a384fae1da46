// Files that are not of this machine: what a name such as s3://bucket/key means to whoever reads and writes files by
// their names. main() says once who knows such names (set_remote_files()); without that, they are names like others.
// MappedFile reads a remote file out of a copy without a name, AtomicFile puts it there at its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::io {

// Thread-safe, as its implementations have to be.
class RemoteFiles {
 public:
  RemoteFiles() = default;
  RemoteFiles(const RemoteFiles&) = delete;
  RemoteFiles& operator=(const RemoteFiles&) = delete;
  virtual ~RemoteFiles() = default;

  virtual bool owns(std::string_view path) const = 0;
  // `path` for messages and logs: without what is secret in it.
  virtual std::string shown(const std::string& path) const { return path; }

  // All of it, in a file without a name. Throws Error, as the others do.
  virtual FileDescriptor fetch(const std::string& path) = 0;
  // Nothing where it still is that version, or where there is nothing: for who looks now and then. `version` is what
  // tells it from what takes its place there, and is what was found as soon as that is known, also where the rest of it
  // cannot be fetched. Without versions it is fetched anew each time.
  virtual std::optional<FileDescriptor> fetch_unless(const std::string& path, std::string& /*version*/) {
    return fetch(path);
  }
  // Before the work whose result is put there: throws what can be known by then.
  virtual void prepare(const std::string& path) = 0;
  // Whole or not at all, in place of what was there.
  virtual void store(const std::string& path, const FileDescriptor& content) = 0;
  virtual bool exists(const std::string& path) = 0;
  // The files whose names begin so, sorted by their bytes.
  virtual std::vector<std::string> list(const std::string& beginning) = 0;
};

// Before anything is opened, and before there are threads; they have to outlive what is. None takes them back.
void set_remote_files(std::vector<RemoteFiles*> files);

// Who knows what `path` means; null where that is a file of this machine.
RemoteFiles* remote_files_for(std::string_view path);

// Whether there is a file, or anything else, of that name, here or elsewhere.
bool exists(const std::string& path);

}  // namespace textlambda::io
