#include "tests/model/model_bytes.h"

#include <algorithm>

#include <xxhash.h>

namespace textlambda::model {
namespace {

using format::SectionKind;

// Sections are numbered from 1 on without a gap, in every kind of model that there is.
std::size_t place_in_table(SectionKind kind) {
  return sizeof(format::Header) + (static_cast<std::size_t>(kind) - 1) * sizeof(format::Section);
}

std::size_t table_end(std::string_view bytes) {
  return place_in_table(SectionKind{read_header(bytes).section_count + 1});
}

}  // namespace

AlignedBytes::AlignedBytes(std::string_view bytes)
    : memory_(static_cast<char*>(::operator new (bytes.size(), std::align_val_t{format::kAlignment}))),
      size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), memory_.get());
}

format::Header read_header(std::string_view bytes) {
  format::Header header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

void write_header(std::string& bytes, const format::Header& header) {
  std::memcpy(bytes.data(), &header, sizeof header);
}

format::Section read_section(std::string_view bytes, SectionKind kind) {
  format::Section section{};
  std::memcpy(&section, bytes.data() + place_in_table(kind), sizeof section);
  return section;
}

void write_section(std::string& bytes, SectionKind kind, const format::Section& section) {
  std::memcpy(bytes.data() + place_in_table(kind), &section, sizeof section);
}

std::string section_bytes(std::string_view bytes, SectionKind kind) {
  const format::Section section = read_section(bytes, kind);
  return std::string(bytes.substr(section.offset, section.size));
}

void sign(std::string& bytes) {
  if (bytes.size() < sizeof(format::Header)) return;
  const std::uint32_t count = read_header(bytes).section_count;
  if (count > format::kMostSections || bytes.size() < table_end(bytes)) return;
  for (std::uint32_t kind = 1; kind <= count; ++kind) {
    format::Section section = read_section(bytes, SectionKind{kind});
    if (section.offset > bytes.size() || section.size > bytes.size() - section.offset) continue;
    section.checksum = XXH3_64bits(bytes.data() + section.offset, section.size);
    write_section(bytes, SectionKind{kind}, section);
  }
  format::Header header = read_header(bytes);
  header.checksum = 0;
  write_header(bytes, header);
  header.checksum = XXH3_64bits(bytes.data(), table_end(bytes));
  write_header(bytes, header);
}

std::string with_section(std::string_view bytes, SectionKind kind, std::string_view content) {
  std::string result(bytes.substr(0, table_end(bytes)));
  for (std::uint32_t i = 1; i <= read_header(bytes).section_count; ++i) {
    const std::string part = SectionKind{i} == kind ? std::string(content) : section_bytes(bytes, SectionKind{i});
    while (result.size() % format::kAlignment != 0) result += '\0';
    write_section(result, SectionKind{i}, {i, 0, result.size(), part.size(), 0});
    result += part;
  }
  format::Header header = read_header(result);
  header.file_size = result.size();
  write_header(result, header);
  sign(result);
  return result;
}

}  // namespace textlambda::model
