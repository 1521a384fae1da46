#include "textlambda/archive/zip_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "textlambda/archive/handles.h"
#include "textlambda/archive/utf8_names.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

// A name out of a file that anyone may have written must not steer a terminal, nor break the encoding of a message.
std::string shown(std::string_view path) {
  constexpr std::size_t kMaxBytes = 300;
  std::string text(path.substr(0, kMaxBytes));
  const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
  if (path.size() > kMaxBytes && is_continuation(path[kMaxBytes])) {  // not in the middle of a character
    while (!text.empty() && is_continuation(text.back())) text.pop_back();
    if (!text.empty()) text.pop_back();
  }
  const bool ascii_only = !Utf8Names::is_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [&](unsigned char c) { return c < 0x20 || c == 0x7F || (ascii_only && c >= 0x80); },
      '?');
  return path.size() > kMaxBytes ? text + "…" : text;
}

std::string path_of(::archive_entry* entry) {
  const char* path = ::archive_entry_pathname(entry);
  return path == nullptr ? "" : path;
}

constexpr std::string_view kEndOfDirectory = "PK\x05\x06";

// The end of a directory and nothing before it, which libarchive does not take for a zip.
bool is_empty_zip(std::string_view bytes) {
  constexpr std::size_t kSize = 22;  // and a comment, whose length the last two bytes give
  return bytes.starts_with(kEndOfDirectory) && bytes.size() >= kSize &&
         static_cast<unsigned char>(bytes[kSize - 2]) + 256U * static_cast<unsigned char>(bytes[kSize - 1]) ==
             bytes.size() - kSize;
}

}  // namespace

struct ZipReader::State {
  Reader reader{::archive_read_new()};
  std::string file;
  ZipLimits limits;
  std::uint64_t entries = 0;
  std::uint64_t total_bytes = 0;
  bool at_end = false;

  [[noreturn]] void fail(std::string_view what, const std::string& name) const {
    const char* text = ::archive_error_string(reader.get());
    std::string_view reason = text != nullptr ? text : "";
    while (reason.ends_with('\n')) reason.remove_suffix(1);  // some do
    io::throw_input(std::string(what) + (reason.empty() ? "" : ": ") + shown(reason), name);
  }

  std::string read_content(const std::string& name);
};

std::string ZipReader::State::read_content(const std::string& name) {
  std::string content;
  std::array<char, std::size_t{1} << 16> block{};
  while (true) {
    const la_ssize_t size = ::archive_read_data(reader.get(), block.data(), block.size());
    if (size < 0) fail("is damaged", name);
    if (size == 0) return content;
    content.append(block.data(), static_cast<std::size_t>(size));
    total_bytes += static_cast<std::uint64_t>(size);
    if (content.size() > limits.max_entry_bytes) {
      io::throw_input("unpacks to more than the limit of " + std::to_string(limits.max_entry_bytes) + " bytes", name);
    }
    if (total_bytes > limits.max_total_bytes) {
      io::throw_input("unpacks to more than the limit of " + std::to_string(limits.max_total_bytes) + " bytes", file);
    }
  }
}

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04") || bytes.starts_with(kEndOfDirectory); }

ZipReader::ZipReader(std::string_view bytes, std::string file, const ZipLimits& limits)
    : state_(std::make_unique<State>()) {
  state_->file = std::move(file);
  state_->limits = limits;
  ::archive* reader = state_->reader.get();
  if (reader == nullptr) io::throw_input("cannot start libarchive", state_->file);
  if (is_empty_zip(bytes)) {
    state_->at_end = true;
    return;
  }
  // By the directory at the end, which a cut-off zip lacks; not by what the entries say of themselves.
  if (::archive_read_support_format_zip_seekable(reader) != ARCHIVE_OK ||
      ::archive_read_open_memory(reader, bytes.data(), bytes.size()) != ARCHIVE_OK) {
    io::throw_input(is_zip(bytes) ? "is a truncated or damaged zip: it has no directory at its end" : "is not a zip",
                    state_->file);
  }
}

ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;

std::optional<ZipEntry> ZipReader::next() {
  State& state = *state_;
  const Utf8Names utf8_names;
  while (!state.at_end) {
    ::archive_entry* entry = nullptr;
    const int status = ::archive_read_next_header(state.reader.get(), &entry);
    if (status == ARCHIVE_EOF) {
      state.at_end = true;
      break;
    }
    // A warning is about a name's characters.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) state.fail("is a damaged zip", state.file);
    if (++state.entries > state.limits.max_entries) {
      io::throw_input("holds more than the limit of " + std::to_string(state.limits.max_entries) + " entries",
                      state.file);
    }
    ZipEntry found;
    found.path = path_of(entry);
    found.name = state.file + '!' + shown(found.path);
    if (::archive_entry_filetype(entry) == AE_IFDIR) continue;
    if (::archive_entry_filetype(entry) != AE_IFREG) io::throw_input("is a link, expected a file", found.name);
    if (::archive_entry_is_encrypted(entry) != 0) {
      io::throw_input("is encrypted; unpack the zip with its password first", found.name);
    }
    found.mode = static_cast<unsigned>(::archive_entry_perm(entry));
    found.content = state.read_content(found.name);
    return found;
  }
  return std::nullopt;
}

}  // namespace textlambda::archive
