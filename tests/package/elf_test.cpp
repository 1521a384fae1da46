#include "textlambda/package/elf.h"

#include <algorithm>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/package/elf_image.h"

using namespace textlambda;
using package::Architecture;

namespace {

std::string elf_error(const std::string& bytes) {
  try {
    package::read_elf(bytes, "bootstrap");
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    return error.what();
  }
  return "no error";
}

std::string with_byte(std::string bytes, std::size_t position, char value) {
  bytes[position] = value;
  return bytes;
}

}  // namespace

TEST_CASE("An executable says its architecture and whether it is static") {
  const package::ElfFacts x86 = package::read_elf(ElfImage{}.bytes(), "bootstrap");
  CHECK(x86.architecture == Architecture::x86_64);
  CHECK(x86.interpreter == "");
  const package::ElfFacts arm = package::read_elf(
      ElfImage{.machine = EM_AARCH64, .type = ET_DYN, .segments = {PT_LOAD, PT_DYNAMIC}}.bytes(), "bootstrap");
  CHECK(arm.architecture == Architecture::arm64);
  CHECK(arm.interpreter == "");
  const package::ElfFacts dynamic =
      package::read_elf(ElfImage{.type = ET_DYN, .segments = {PT_PHDR, PT_INTERP, PT_LOAD}}.bytes(), "bootstrap");
  CHECK(dynamic.interpreter == "/lib64/ld-linux-x86-64.so.2");
}

TEST_CASE("What Lambda cannot run is refused with a reason") {
  struct Case {
    std::string bytes;
    std::string_view message;
  };
  const std::string good = ElfImage{}.bytes();
  const std::string dynamic = ElfImage{.segments = {PT_INTERP}}.bytes();
  const std::vector<Case> cases = {
      {"", "bootstrap: is empty, expected an executable"},
      {"#!/bin/sh\n", "bootstrap: is a script, expected a static executable (ELF)"},
      {"MZ\x90", "bootstrap: is not an executable (ELF)"},
      {good.substr(0, 40), "bootstrap: is a truncated executable"},
      {good.substr(0, 70), "bootstrap: is a truncated executable"},
      {dynamic.substr(0, dynamic.size() - 1), "bootstrap: is a truncated executable"},
      {with_byte(good, EI_CLASS, ELFCLASS32), "bootstrap: is not a 64-bit little-endian executable"},
      {with_byte(good, EI_DATA, ELFDATA2MSB), "bootstrap: is not a 64-bit little-endian executable"},
      {ElfImage{.machine = EM_RISCV}.bytes(), "bootstrap: is an executable of machine 243, expected x86_64 (62) or"},
      {ElfImage{.type = ET_REL}.bytes(), "bootstrap: is an object or core file"},
      {ElfImage{.segments = {}}.bytes(), "bootstrap: is damaged: it has no program headers"},
  };
  for (const Case& item : cases) {
    const std::string message = elf_error(item.bytes);
    CAPTURE(message, item.message);
    CHECK(message.find(item.message) == 0);
  }
}

TEST_CASE("No byte of a header makes the reader read outside") {
  const std::string bytes = ElfImage{.segments = {PT_LOAD, PT_INTERP}}.bytes();
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    for (const char value : {'\x00', '\x7F', '\xFF'}) elf_error(with_byte(bytes, position, value));
    elf_error(bytes.substr(0, position));
  }
}

TEST_CASE("Architectures have Lambda's names") {
  CHECK(package::architecture_name(Architecture::x86_64) == "x86_64");
  CHECK(package::architecture_name(Architecture::arm64) == "arm64");
  CHECK(package::parse_architecture("x86_64") == Architecture::x86_64);
  CHECK(package::parse_architecture("arm64") == Architecture::arm64);
  CHECK_FALSE(package::parse_architecture("aarch64").has_value());
}
