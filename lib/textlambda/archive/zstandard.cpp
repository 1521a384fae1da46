#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "textlambda/archive/decompress.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

struct FreeReader {
  void operator()(::archive* reader) const { ::archive_read_free(reader); }
};

[[noreturn]] void throw_corrupt(::archive* reader, const std::string& file) {
  const char* reason = ::archive_error_string(reader);
  // libarchive loses the reason where it comes in the middle of the data.
  io::throw_input(std::string("corrupt or truncated Zstandard data") + (reason != nullptr ? ": " : "") +
                      (reason != nullptr ? reason : ""),
                  file);
}

}  // namespace

bool is_zstandard(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  const std::string_view magic = bytes.substr(0, 4);
  return magic == "\x28\xB5\x2F\xFD";
}

std::string decompress_zstandard(std::string_view bytes, const std::string& file, std::uint64_t max_bytes) {
  const std::unique_ptr<::archive, FreeReader> owner(::archive_read_new());
  ::archive* reader = owner.get();
  if (reader == nullptr) io::throw_input("cannot start libarchive", file);
  if (::archive_read_support_filter_zstd(reader) != ARCHIVE_OK ||
      ::archive_read_support_format_raw(reader) != ARCHIVE_OK ||
      ::archive_read_support_format_empty(reader) != ARCHIVE_OK) {
    io::throw_input("this libarchive cannot read Zstandard", file);
  }
  if (::archive_read_open_memory(reader, bytes.data(), bytes.size()) != ARCHIVE_OK) throw_corrupt(reader, file);

  std::string output;
  ::archive_entry* entry = nullptr;
  const int status = ::archive_read_next_header(reader, &entry);
  if (status == ARCHIVE_EOF) return output;  // frames without content
  if (status != ARCHIVE_OK) throw_corrupt(reader, file);
  std::array<char, std::size_t{1} << 16> block{};
  while (true) {
    const la_ssize_t size = ::archive_read_data(reader, block.data(), block.size());
    if (size < 0) throw_corrupt(reader, file);
    if (size == 0) return output;
    output.append(block.data(), static_cast<std::size_t>(size));
    if (output.size() > max_bytes) throw_too_large(file, max_bytes);
  }
}

}  // namespace textlambda::archive
