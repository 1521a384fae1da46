// Bytes of a model file, to be damaged: a layout written a second time, apart from the one under test, and checksums
// that can be made true again after a change.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "textlambda/model/format.h"

namespace textlambda::model {

// A copy aligned as ModelFile::view asks, and not a byte longer than the original: sanitizers see the first read
// behind.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::string_view bytes);
  std::string_view view() const { return {memory_.get(), size_}; }

 private:
  struct Free {
    void operator()(char* memory) const { ::operator delete (memory, std::align_val_t{format::kAlignment}); }
  };
  std::unique_ptr<char, Free> memory_;
  std::size_t size_;
};

format::Header read_header(std::string_view bytes);
void write_header(std::string& bytes, const format::Header& header);
format::Section read_section(std::string_view bytes, format::SectionKind kind);
void write_section(std::string& bytes, format::SectionKind kind, const format::Section& section);
std::string section_bytes(std::string_view bytes, format::SectionKind kind);

// Makes the checksums true: of each section that lies within the bytes, then of the header. Bytes too short for a
// header and a table stay as they are.
void sign(std::string& bytes);

// The same file with one section's content replaced, whatever its size; signed.
std::string with_section(std::string_view bytes, format::SectionKind kind, std::string_view content);

// The same file with its settings changed by change(Settings&); signed.
template <typename Change>
std::string with_settings(std::string_view bytes, Change&& change) {
  std::string content = section_bytes(bytes, format::SectionKind::settings);
  format::Settings settings{};
  std::memcpy(&settings, content.data(), sizeof settings);
  change(settings);
  std::memcpy(content.data(), &settings, sizeof settings);
  return with_section(bytes, format::SectionKind::settings, content);
}

}  // namespace textlambda::model
