// A zip unpacked as Lambda does it, in a folder of its own that goes when the object goes.
#pragma once

#include <string>
#include <string_view>

namespace textlambda::package {

class UnpackedZip {
 public:
  // Unpacks into a new folder in `parent` (a folder for temporary files), which names this process: those of processes
  // that are gone, killed before they could clean up, are removed first. Throws Error(input_output), naming `file`, for
  // what is no zip, holds links, or names that lead out of the folder.
  UnpackedZip(std::string_view zip, const std::string& parent, const std::string& file = "the zip");
  UnpackedZip(const UnpackedZip&) = delete;
  UnpackedZip& operator=(const UnpackedZip&) = delete;
  ~UnpackedZip();

  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace textlambda::package
