#include "textlambda/emulator/code.h"

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/package/deployment_zip.h"
#include "textlambda/package/elf.h"

namespace textlambda::emulator {
namespace {

namespace fs = std::filesystem;

// "for arm64" where the file is an executable of another machine; empty for scripts and what is no ELF file.
std::string machine_fault(const std::string& executable) {
  const std::optional<package::Architecture> own = package::own_architecture();
  try {
    const io::MappedFile file = io::MappedFile::open(executable);
    if (!file.view().starts_with("\x7f"
                                 "ELF"))
      return "";
    const package::ElfFacts facts = package::read_elf(file.view(), executable);
    if (!own || facts.architecture == *own) return "";
    return fmt::format("is a program for {}, and this machine is {}", package::architecture_name(facts.architecture),
                       package::architecture_name(*own));
  } catch (const io::Error&) {
    return "";  // what starting it says is nearer to the fault
  }
}

}  // namespace

std::shared_ptr<const Code> Code::of_program(const std::string& path) {
  std::error_code error;
  const std::string whole = fs::absolute(path, error).lexically_normal().string();
  if (!fs::exists(whole, error)) io::throw_input("there is no such program", path);
  if (fs::is_directory(whole, error)) io::throw_input("is a folder, expected a program such as bootstrap", path);
  if (::access(whole.c_str(), X_OK) != 0) io::throw_input("is not executable: chmod +x makes it so", path);
  const io::MappedFile file = io::MappedFile::open(whole);
  auto code = std::make_shared<Code>();
  code->sha256 = encoding::sha256_base64(file.view());
  code->size = file.view().size();
  code->task_root = fs::path(whole).parent_path().string();
  code->executable = whole;
  return code;
}

std::shared_ptr<const Code> Code::of_zip(std::string_view zip, const std::string& parent, const std::string& file) {
  archive::ZipLimits limits;
  limits.max_entry_bytes = kMostUnpackedBytes;
  limits.max_total_bytes = kMostUnpackedBytes;
  auto code = std::make_shared<Code>();
  code->sha256 = encoding::sha256_base64(zip);
  code->size = zip.size();
  code->unpacked = std::make_unique<package::UnpackedZip>(zip, parent, file, limits);
  code->task_root = code->unpacked->folder();
  code->executable = code->task_root + "/" + std::string(package::kBootstrapName);
  code->zip_path = code->unpacked->zip_path();
  return code;
}

std::string start_fault(const Code& code) {
  std::error_code error;
  const bool is_zip = !code.zip_path.empty();
  if (!fs::exists(code.executable, error)) {
    return is_zip ? "has no file named bootstrap at its top" : "is not there any more";
  }
  if (::access(code.executable.c_str(), X_OK) != 0) {
    return is_zip ? "holds a bootstrap that is not executable" : "is not executable";
  }
  const std::string machine = machine_fault(code.executable);
  if (machine.empty()) return "";
  return is_zip ? "holds a bootstrap that " + machine : machine;
}

}  // namespace textlambda::emulator
