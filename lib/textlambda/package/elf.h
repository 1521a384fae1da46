// What the header of an ELF executable says of where it can run. Source: the System V gABI, <elf.h>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace textlambda::package {

// Lambda's architectures.
enum class Architecture { x86_64, arm64 };

std::string_view architecture_name(Architecture architecture);          // as Lambda spells them
std::optional<Architecture> parse_architecture(std::string_view name);  // nothing for any other name
std::optional<Architecture> own_architecture();                         // of this process

struct ElfFacts {
  Architecture architecture = Architecture::x86_64;
  std::string interpreter;  // the dynamic loader that it asks for; empty for a static executable
};

// Throws Error(input_output), naming `file`, if the bytes are not a 64-bit little-endian executable of one of the
// architectures.
ElfFacts read_elf(std::string_view bytes, const std::string& file);

}  // namespace textlambda::package
