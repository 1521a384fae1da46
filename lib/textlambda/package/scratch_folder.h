// A temporary folder whose name tells which process it belongs to, so that the next one clears up after a killed one.
#pragma once

#include <string>

namespace textlambda::package {

class ScratchFolder {
 public:
  // Makes PARENT/NAME-PID-XXXXXX. Folders of that form whose processes are gone, killed before they could clean up, are
  // removed first. Throws Error(input_output).
  ScratchFolder(const std::string& parent, const std::string& name);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace textlambda::package
