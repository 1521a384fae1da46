// A zip unpacked as Lambda does it, in a folder of its own that goes when the object goes.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/package/scratch_folder.h"

namespace textlambda::package {

class UnpackedZip {
 public:
  // Unpacks into a new folder in `parent`, a folder for temporary files. Throws Error(input_output), naming `file`, for
  // what is no zip, holds links, names that lead out of the folder, or more than `limits`.
  UnpackedZip(std::string_view zip, const std::string& parent, const std::string& file = "the zip",
              const archive::ZipLimits& limits = {});

  std::string folder() const { return scratch_.path() + "/task"; }
  std::string zip_path() const { return scratch_.path() + "/code.zip"; }  // the zip itself, byte for byte

 private:
  ScratchFolder scratch_;
};

}  // namespace textlambda::package
