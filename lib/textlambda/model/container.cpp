#include "textlambda/model/container.h"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

#include "textlambda/io/error.h"

namespace textlambda::model {
namespace {

std::uint64_t aligned(std::uint64_t position) {
  return (position + format::kAlignment - 1) / format::kAlignment * format::kAlignment;
}

format::Header read_header(std::string_view file) {
  format::Header header{};
  std::memcpy(&header, file.data(), sizeof header);
  return header;
}

void sign_header(std::string& file) {
  format::Header header = read_header(file);
  header.checksum = 0;
  std::memcpy(file.data(), &header, sizeof header);
  header.checksum = XXH3_64bits(file.data(), sizeof header + header.section_count * sizeof(format::Section));
  std::memcpy(file.data(), &header, sizeof header);
}

}  // namespace

Container::Container(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {
  if (bytes.size() < sizeof(format::Header)) {
    fail("is " + std::to_string(bytes.size()) + " bytes, too short for a model file");
  }
  const format::Header header = read_header(bytes);
  if (std::memcmp(header.magic, format::kMagic, sizeof header.magic) != 0) fail("is not a textlambda model file");
  version_ = header.version;
  check_version();
  if (header.file_size != bytes.size()) {
    fail("is " + std::to_string(bytes.size()) + " bytes, its header says " + std::to_string(header.file_size) +
         ": truncated or damaged");
  }
  count_ = header.section_count;
  check_count();
  if (bytes.size() < table_end()) fail("is truncated in its section table");
  std::memcpy(table_.data(), bytes.data() + sizeof header, count_ * sizeof(format::Section));
  check_header_sum(header);
  check_places();
}

std::vector<format::SectionKind> Container::sections() const {
  std::vector<format::SectionKind> kinds;
  for (std::uint32_t i = 0; i < count_; ++i) kinds.push_back(static_cast<format::SectionKind>(table_[i].kind));
  return kinds;
}

std::string_view Container::get(format::SectionKind kind) const {
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (table_[i].kind == static_cast<std::uint32_t>(kind)) return bytes_.substr(table_[i].offset, table_[i].size);
  }
  return {};
}

void Container::fail(const std::string& reason) const { io::throw_input(reason, name_); }

void Container::require(bool condition, const char* reason) const {
  if (!condition) fail(std::string("is damaged: ") + reason);
}

void Container::check_version() const {
  if (version_ >= format::kOldestVersion && version_ <= format::kNewestVersion) return;
  const std::string found = "has model format version " + std::to_string(version_);
  if (version_ == 0) fail(found + ", which was never released: train the model again with this textlambda");
  fail(found + ", this textlambda reads versions " + std::to_string(format::kOldestVersion) + " to " +
       std::to_string(format::kNewestVersion) + ": it takes a later textlambda");
}

void Container::check_count() const {
  const bool linear_alone = version_ <= format::kNegationVersion;
  const bool plausible = linear_alone ? count_ == format::kSectionCount : count_ > 0 && count_ <= format::kMostSections;
  if (!plausible) fail("has a damaged header (section count)");
}

void Container::check_header_sum(format::Header header) const {
  const std::uint64_t stated = header.checksum;
  header.checksum = 0;
  std::array<char, sizeof(format::Header) + format::kMostSections * sizeof(format::Section)> signed_part{};
  std::memcpy(signed_part.data(), &header, sizeof header);
  std::memcpy(signed_part.data() + sizeof header, table_.data(), count_ * sizeof(format::Section));
  if (XXH3_64bits(signed_part.data(), table_end()) != stated) fail("is damaged: header checksum does not match");
}

// Sections follow each other by rising number, aligned, inside the file, with zeros between, and their sums match.
void Container::check_places() const {
  std::uint64_t position = table_end();
  std::uint32_t previous = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const format::Section& section = table_[i];
    const std::uint64_t expected = aligned(position);
    if (section.kind <= previous || section.reserved != 0 || section.offset != expected ||
        section.offset > bytes_.size() || section.size > bytes_.size() - section.offset) {
      fail("has a damaged section table (section " + std::to_string(i + 1) + ")");
    }
    check_zeros(position, expected);
    if (XXH3_64bits(bytes_.data() + section.offset, section.size) != section.checksum) {
      fail("is damaged: checksum of section " + std::to_string(i + 1) + " does not match");
    }
    position = section.offset + section.size;
    previous = section.kind;
  }
  if (position != bytes_.size()) fail("has bytes behind its last section");
}

void Container::check_zeros(std::uint64_t begin, std::uint64_t end) const {
  for (std::uint64_t at = begin; at < end; ++at) {
    if (bytes_[at] != 0) fail("is damaged: padding is not zero");
  }
}

std::string lay_out(std::uint32_t version, std::span<const SectionBytes> sections) {
  std::vector<format::Section> table;
  std::uint64_t position = sizeof(format::Header) + sections.size() * sizeof(format::Section);
  for (const SectionBytes& section : sections) {
    position = aligned(position);
    table.push_back({static_cast<std::uint32_t>(section.kind), 0, position, section.bytes.size(),
                     XXH3_64bits(section.bytes.data(), section.bytes.size())});
    position += section.bytes.size();
  }
  format::Header header{};
  std::memcpy(header.magic, format::kMagic, sizeof header.magic);
  header.version = version;
  header.section_count = static_cast<std::uint32_t>(sections.size());
  header.file_size = position;

  std::string file(position, '\0');
  std::memcpy(file.data(), &header, sizeof header);
  std::memcpy(file.data() + sizeof header, table.data(), table.size() * sizeof table[0]);
  sign_header(file);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string_view bytes = sections[i].bytes;
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(table[i].offset));
  }
  return file;
}

std::string with_section_replaced(std::string_view file, format::SectionKind kind, std::string_view bytes) {
  std::string result(file);
  for (std::uint32_t i = 0; i < read_header(file).section_count; ++i) {
    char* const entry = result.data() + sizeof(format::Header) + i * sizeof(format::Section);
    format::Section section{};
    std::memcpy(&section, entry, sizeof section);
    if (section.kind != static_cast<std::uint32_t>(kind)) continue;
    std::copy(bytes.begin(), bytes.end(), result.begin() + static_cast<std::ptrdiff_t>(section.offset));
    section.checksum = XXH3_64bits(bytes.data(), bytes.size());
    std::memcpy(entry, &section, sizeof section);
  }
  sign_header(result);
  return result;
}

std::string content_id(std::string_view file) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t checksum = read_header(file).checksum;
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; checksum >>= 4) text[i] = kDigits[checksum & 15];
  return text;
}

}  // namespace textlambda::model
