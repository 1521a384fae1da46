#include "textlambda/package/elf.h"

#include <elf.h>

#include <cstring>

#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

// The structure at `offset`, copied: nothing promises that it is aligned there.
template <typename Structure>
Structure structure_at(std::string_view bytes, std::uint64_t offset, const std::string& file) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Structure)) {
    io::throw_input("is a truncated executable", file);
  }
  Structure structure{};
  std::memcpy(&structure, bytes.data() + offset, sizeof structure);
  return structure;
}

Architecture architecture_of(const Elf64_Ehdr& header, const std::string& file) {
  if (header.e_machine == EM_X86_64) return Architecture::x86_64;
  if (header.e_machine == EM_AARCH64) return Architecture::arm64;
  io::throw_input("is an executable of machine " + std::to_string(header.e_machine) +
                      ", expected x86_64 (62) or arm64 (183), which Lambda has",
                  file);
}

}  // namespace

std::string_view architecture_name(Architecture architecture) {
  return architecture == Architecture::x86_64 ? "x86_64" : "arm64";
}

std::optional<Architecture> parse_architecture(std::string_view name) {
  for (const Architecture architecture : {Architecture::x86_64, Architecture::arm64}) {
    if (name == architecture_name(architecture)) return architecture;
  }
  return std::nullopt;
}

std::optional<Architecture> own_architecture() {
#if defined(__x86_64__)
  return Architecture::x86_64;
#elif defined(__aarch64__)
  return Architecture::arm64;
#else
  return std::nullopt;
#endif
}

ElfFacts read_elf(std::string_view bytes, const std::string& file) {
  if (bytes.empty()) io::throw_input("is empty, expected an executable", file);
  if (bytes.starts_with("#!")) io::throw_input("is a script, expected a static executable (ELF)", file);
  if (!bytes.starts_with(ELFMAG)) io::throw_input("is not an executable (ELF)", file);
  const auto header = structure_at<Elf64_Ehdr>(bytes, 0, file);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    io::throw_input("is not a 64-bit little-endian executable, which Lambda's processors run", file);
  }
  ElfFacts facts;
  facts.architecture = architecture_of(header, file);
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    io::throw_input("is an object or core file, expected an executable", file);
  }
  if (header.e_phnum == 0 || header.e_phentsize != sizeof(Elf64_Phdr)) {
    io::throw_input("is damaged: it has no program headers", file);
  }
  for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
    const std::uint64_t place = index * sizeof(Elf64_Phdr);
    if (header.e_phoff > bytes.size()) io::throw_input("is a truncated executable", file);
    const auto segment = structure_at<Elf64_Phdr>(bytes, header.e_phoff + place, file);
    if (segment.p_type != PT_INTERP) continue;
    if (segment.p_offset > bytes.size() || segment.p_filesz > bytes.size() - segment.p_offset) {
      io::throw_input("is a truncated executable", file);
    }
    const std::string_view path = bytes.substr(segment.p_offset, segment.p_filesz);
    facts.interpreter = path.substr(0, path.find('\0'));
    if (facts.interpreter.empty()) facts.interpreter = "?";
  }
  return facts;
}

}  // namespace textlambda::package
