#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>

#include "textlambda/archive/decompress.h"
#include "textlambda/archive/handles.h"
#include "textlambda/io/error.h"
#include "textlambda/io/invalid.h"

namespace textlambda::archive {
namespace {

[[noreturn]] void throw_corrupt(::archive* reader, const std::string& file) {
  const char* reason = ::archive_error_string(reader);
  // libarchive loses the reason where it comes in the middle of the data.
  io::throw_input("is " + io::not_valid("Zstandard", reason == nullptr ? "damaged or cut off" : reason), file);
}

}  // namespace

bool is_zstandard(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  const std::string_view magic = bytes.substr(0, 4);
  return magic == "\x28\xB5\x2F\xFD";
}

void decompress_zstandard(std::string_view bytes, const std::string& file, std::uint64_t max_bytes,
                          const Output& output) {
  const Reader owner(::archive_read_new());
  ::archive* reader = owner.get();
  if (reader == nullptr) io::throw_input("cannot start libarchive", file);
  if (::archive_read_support_filter_zstd(reader) != ARCHIVE_OK ||
      ::archive_read_support_format_raw(reader) != ARCHIVE_OK ||
      ::archive_read_support_format_empty(reader) != ARCHIVE_OK) {
    io::throw_input("this libarchive cannot read Zstandard", file);
  }
  if (::archive_read_open_memory(reader, bytes.data(), bytes.size()) != ARCHIVE_OK) throw_corrupt(reader, file);

  ::archive_entry* entry = nullptr;
  const int status = ::archive_read_next_header(reader, &entry);
  if (status == ARCHIVE_EOF) return;  // frames without content
  if (status != ARCHIVE_OK) throw_corrupt(reader, file);
  std::array<char, std::size_t{1} << 16> block{};
  std::uint64_t total = 0;
  while (true) {
    const la_ssize_t size = ::archive_read_data(reader, block.data(), block.size());
    if (size < 0) throw_corrupt(reader, file);
    if (size == 0) return;
    total += static_cast<std::uint64_t>(size);
    if (total > max_bytes) throw_too_large(file, max_bytes);
    output({block.data(), static_cast<std::size_t>(size)});
  }
}

std::string decompress_zstandard(std::string_view bytes, const std::string& file, std::uint64_t max_bytes) {
  std::string all;
  decompress_zstandard(bytes, file, max_bytes, [&](std::string_view some) { all.append(some); });
  return all;
}

std::string compress_zstandard(std::string_view bytes, const std::string& file, int level) {
  std::string output;
  const Writer owner(::archive_write_new());
  const Entry entry(::archive_entry_new());
  ::archive* writer = owner.get();
  if (writer == nullptr || entry == nullptr) io::throw_input("cannot start libarchive", file);
  const auto require = [&](bool succeeded) {
    if (succeeded) return;
    if (::archive_errno(writer) == ENOMEM) throw std::bad_alloc();
    const char* reason = ::archive_error_string(writer);
    io::throw_input(std::string("this libarchive cannot write Zstandard") + (reason != nullptr ? ": " : "") +
                        (reason != nullptr ? reason : ""),
                    file);
  };
  require(::archive_write_add_filter_zstd(writer) == ARCHIVE_OK);
  require(::archive_write_set_filter_option(writer, "zstd", "compression-level", std::to_string(level).c_str()) ==
          ARCHIVE_OK);
  require(::archive_write_set_format_raw(writer) == ARCHIVE_OK);
  // The last block is not padded.
  require(::archive_write_set_bytes_in_last_block(writer, 1) == ARCHIVE_OK);
  require(::archive_write_open(writer, &output, nullptr, append_to_string, nullptr) == ARCHIVE_OK);
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_pathname(entry.get(), "data");
  require(::archive_write_header(writer, entry.get()) == ARCHIVE_OK);
  while (!bytes.empty()) {
    const la_ssize_t written = ::archive_write_data(writer, bytes.data(), bytes.size());
    require(written > 0);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  require(::archive_write_close(writer) == ARCHIVE_OK);
  return output;
}

}  // namespace textlambda::archive
