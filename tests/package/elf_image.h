// A 64-bit ELF file made for a test: its header, and program headers of the types asked for.
#pragma once

#include <elf.h>

#include <algorithm>
#include <string>
#include <vector>

struct ElfImage {
  Elf64_Half machine = EM_X86_64;
  Elf64_Half type = ET_EXEC;
  std::vector<Elf64_Word> segments = {PT_LOAD};
  std::string interpreter = "/lib64/ld-linux-x86-64.so.2";  // what a PT_INTERP points to

  std::string bytes() const {
    Elf64_Ehdr header{};
    std::copy_n(ELFMAG, SELFMAG, header.e_ident);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = type;
    header.e_machine = machine;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = static_cast<Elf64_Half>(segments.size());
    std::string image(reinterpret_cast<const char*>(&header), sizeof header);
    const std::size_t end = image.size() + segments.size() * sizeof(Elf64_Phdr);
    for (const Elf64_Word segment : segments) {
      Elf64_Phdr program{};
      program.p_type = segment;
      program.p_offset = segment == PT_INTERP ? end : 0;
      program.p_filesz = segment == PT_INTERP ? interpreter.size() + 1 : 0;
      image.append(reinterpret_cast<const char*>(&program), sizeof program);
    }
    return image + interpreter + '\0';
  }
};
