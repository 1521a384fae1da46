// The container that a model file is: a header, a table of sections and the sections, aligned, each under a checksum
// (docs/model-format.md). It knows nothing of what is in them: the profile (profile.h) and the kind of model (kinds.h)
// each verify their own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/model/format.h"

namespace textlambda::model {

// The sections of a file that is true to its header, its table and its checksums. A view: borrows the bytes and the
// name.
class Container {
 public:
  // Throws Error(input_output), which names `name` and what is wrong, for a flipped bit, a truncation or a size that is
  // not true.
  Container(std::string_view bytes, const std::string& name);

  std::uint32_t version() const { return version_; }
  // The numbers of the sections, in their order.
  std::vector<format::SectionKind> sections() const;

  // A section's bytes; none where the file lacks it.
  std::string_view get(format::SectionKind kind) const;
  // The section as an array of T; its size must be a multiple of T's.
  template <typename T>
  std::span<const T> array(format::SectionKind kind, const char* what) const {
    const std::string_view bytes = get(kind);
    if (bytes.size() % sizeof(T) != 0) fail(std::string("has a damaged section: ") + what);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  // For those who verify a section.
  [[noreturn]] void fail(const std::string& reason) const;
  void require(bool condition, const char* reason) const;
  // The same for functions that return a flaw, or nullptr where there is none.
  void require_no_flaw(const char* flaw) const { require(flaw == nullptr, flaw == nullptr ? "" : flaw); }

 private:
  void check_version() const;
  void check_count() const;
  void check_header_sum(format::Header header) const;
  void check_places() const;
  void check_zeros(std::uint64_t begin, std::uint64_t end) const;
  std::size_t table_end() const { return sizeof(format::Header) + count_ * sizeof(format::Section); }

  std::string_view bytes_;
  const std::string& name_;
  std::uint32_t version_ = 0;
  std::uint32_t count_ = 0;
  std::array<format::Section, format::kMostSections> table_{};
};

// A section to be written.
struct SectionBytes {
  format::SectionKind kind;
  std::string_view bytes;
};

// Header, table and sections, one after the other, aligned. `sections`: by rising number, kMostSections at most.
std::string lay_out(std::uint32_t version, std::span<const SectionBytes> sections);

// A file's bytes with other bytes, as many, in the place of one of its sections, and true checksums. `file`: verified.
std::string with_section_replaced(std::string_view file, format::SectionKind kind, std::string_view bytes);

// 16 hexadecimal digits of the header's checksum, which covers the table and thereby all sections. `file`: verified.
std::string content_id(std::string_view file);

}  // namespace textlambda::model
