// Any bytes as a zip: files within the limits, or an Error of one line. What was read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/archive/zip_writer.h"
#include "textlambda/io/error.h"

using namespace textlambda;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<archive::ZipEntry> read(std::string_view bytes) {
  archive::ZipLimits limits;
  limits.max_entries = 100;
  limits.max_entry_bytes = 1U << 16;
  limits.max_total_bytes = 1U << 18;
  std::vector<archive::ZipEntry> entries;
  std::uint64_t total = 0;
  archive::ZipReader reader(bytes, "fuzz", limits);
  while (std::optional<archive::ZipEntry> entry = reader.next()) {
    require(entry->content.size() <= limits.max_entry_bytes);
    require(entry->name.find('\n') == std::string::npos && entry->name.size() < 400);
    total += entry->content.size();
    entries.push_back(*std::move(entry));
  }
  require(entries.size() <= limits.max_entries && total <= limits.max_total_bytes);
  return entries;
}

void write_and_read(const std::vector<archive::ZipEntry>& entries) {
  std::vector<archive::ZipMember> members;
  for (const archive::ZipEntry& entry : entries) {
    members.push_back({entry.path, entry.content, (entry.mode & 0111U) != 0});
  }
  const std::vector<archive::ZipEntry> again = read(archive::write_zip(members));
  require(again.size() == entries.size());
  std::multiset<std::string> before;
  std::multiset<std::string> after;
  for (const archive::ZipEntry& entry : entries) before.insert(entry.path + '=' + entry.content);
  for (const archive::ZipEntry& entry : again) after.insert(entry.path + '=' + entry.content);
  require(before == after);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  try {
    write_and_read(read({reinterpret_cast<const char*>(data), size}));
  } catch (const io::Error& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  return 0;
}
