#include "textlambda/archive/zip_writer.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <set>
#include <stdexcept>

#include "textlambda/archive/handles.h"
#include "textlambda/archive/utf8_names.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {
namespace {

// Into memory libarchive fails only where that runs out or where it was built without zlib: not a user's error.
void require(int status, ::archive* writer) {
  if (status == ARCHIVE_OK) return;
  if (::archive_errno(writer) == ENOMEM) throw std::bad_alloc();
  const char* reason = ::archive_error_string(writer);
  throw std::runtime_error(std::string("libarchive cannot write a zip: ") + (reason != nullptr ? reason : "?"));
}

[[noreturn]] void refuse(const std::string& name, std::string_view reason) {
  io::throw_usage("\"" + name + "\" cannot be a name in a zip: " + std::string(reason));
}

// What unpacks everywhere to one and the same place inside the folder it is unpacked in.
void check_name(const std::string& name) {
  if (name.size() > 1024) refuse(name.substr(0, 40) + "…", "it is longer than 1024 bytes");
  if (!Utf8Names::is_utf8(name)) refuse("?", "it is not UTF-8");
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  if (std::any_of(name.begin(), name.end(), is_control)) refuse("?", "it has a control character");
  if (name.find('\\') != std::string::npos) refuse(name, "it has a backslash");
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = std::string_view(name).substr(begin, end - begin);
    if (part.empty()) refuse(name, "it is empty, absolute, or has an empty part");
    if (part == "." || part == "..") refuse(name, "it has a part \"" + std::string(part) + "\"");
    begin = end + 1;
  }
}

// "a" and "a/b" cannot both be files.
void check_names(const std::vector<ZipMember>& members) {
  for (const ZipMember& member : members) check_name(member.name);
  std::set<std::string_view> names;
  for (const ZipMember& member : members) {
    if (!names.insert(member.name).second) refuse(member.name, "it is given twice");
  }
  for (const ZipMember& member : members) {
    for (std::size_t slash = member.name.find('/'); slash != std::string::npos;
         slash = member.name.find('/', slash + 1)) {
      const std::string_view folder = std::string_view(member.name).substr(0, slash);
      if (names.contains(folder)) refuse(member.name, "\"" + std::string(folder) + "\" is a file");
    }
  }
}

void write_member(::archive* writer, const ZipMember& member) {
  const Entry entry(::archive_entry_new());
  if (!entry) throw std::bad_alloc();
  ::archive_entry_set_pathname_utf8(entry.get(), member.name.c_str());
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), member.executable ? 0755 : 0644);
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
  // No time is set: libarchive would write it as local time. Without one it writes the start of 1980.
  require(::archive_write_header(writer, entry.get()), writer);
  std::string_view rest = member.content;
  while (!rest.empty()) {
    const la_ssize_t written = ::archive_write_data(writer, rest.data(), rest.size());
    if (written <= 0) require(ARCHIVE_FATAL, writer);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  require(::archive_write_finish_entry(writer), writer);
}

}  // namespace

std::string write_zip(std::vector<ZipMember> members) {
  const Utf8Names utf8_names;
  std::sort(members.begin(), members.end(), [](const ZipMember& a, const ZipMember& b) { return a.name < b.name; });
  check_names(members);
  std::string zip;  // outlives the writer, which may still write to it when it is freed
  const Writer owner(::archive_write_new());
  ::archive* writer = owner.get();
  if (writer == nullptr) throw std::bad_alloc();
  require(::archive_write_set_format_zip(writer), writer);
  require(::archive_write_set_options(writer, "zip:compression=deflate,zip:compression-level=6,zip:hdrcharset=UTF-8"),
          writer);
  require(::archive_write_set_bytes_per_block(writer, 0), writer);
  require(::archive_write_open2(writer, &zip, nullptr, append_to_string, nullptr, nullptr), writer);
  for (const ZipMember& member : members) write_member(writer, member);
  require(::archive_write_close(writer), writer);
  return zip;
}

}  // namespace textlambda::archive
