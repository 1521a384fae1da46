// What libarchive hands out, released with its owner; and where it writes to.
#pragma once

#include <cerrno>
#include <exception>
#include <memory>
#include <string>

#include <archive.h>
#include <archive_entry.h>

namespace textlambda::archive {

struct FreeReader {
  void operator()(::archive* reader) const { ::archive_read_free(reader); }
};
struct FreeWriter {
  void operator()(::archive* writer) const { ::archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(::archive_entry* entry) const { ::archive_entry_free(entry); }
};

using Reader = std::unique_ptr<::archive, FreeReader>;
// What it writes to has to outlive it: it may still write when it is freed.
using Writer = std::unique_ptr<::archive, FreeWriter>;
using Entry = std::unique_ptr<::archive_entry, FreeEntry>;

// For archive_write_open: appends to the std::string that is `output`. No exception may pass through libarchive's own
// frames, which are C.
inline la_ssize_t append_to_string(::archive* writer, void* output, const void* bytes, std::size_t size) {
  try {
    static_cast<std::string*>(output)->append(static_cast<const char*>(bytes), size);
  } catch (const std::exception&) {
    ::archive_set_error(writer, ENOMEM, "no memory for the output");
    return -1;
  }
  return static_cast<la_ssize_t>(size);
}

}  // namespace textlambda::archive
