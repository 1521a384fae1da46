// A function's code: a program of this machine, or an unpacked deployment zip, which is there as long as somebody holds
// it. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/package/unpacked_zip.h"

namespace textlambda::emulator {

// Lambda's limits, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::uint64_t kMostZipBytes = 52'428'800;
inline constexpr std::uint64_t kMostUnpackedBytes = 262'144'000;

struct Code {
  std::string sha256;      // base64, of the zip or the program
  std::uint64_t size = 0;  // of the zip or the program
  std::string task_root;   // the folder that LAMBDA_TASK_ROOT names and that the process starts in
  std::string executable;  // what plays the part of /var/task/bootstrap; it may not be there
  std::string zip_path;    // empty: a program
  std::unique_ptr<package::UnpackedZip> unpacked;

  // A program that may be executed. Throws Error(input_output), naming `path`.
  static std::shared_ptr<const Code> of_program(const std::string& path);
  // Unpacked below the folder `parent`. Throws Error(input_output), naming `file`, for a zip that is damaged, leads out
  // of its folder or is beyond the limits. A zip without a bootstrap is code all the same, that does not start.
  static std::shared_ptr<const Code> of_zip(std::string_view zip, const std::string& parent, const std::string& file);
};

// Why the code does not start here, as far as it can be told without trying: "has no file named bootstrap at its top",
// "holds a bootstrap that is not executable", "… is for arm64, and this machine is x86_64"; empty where it may.
std::string start_fault(const Code& code);

}  // namespace textlambda::emulator
