// A registry on disk: a folder with registry.json, and each zip under code/ once, named by its checksum.
#pragma once

#include <string>

#include "textlambda/emulator/registry.h"
#include "textlambda/io/file_lock.h"

namespace textlambda::emulator {

class RegistryFile {
 public:
  // Makes the folder where it is missing, and holds it against other emulators as long as the object lives. Throws
  // Error(input_output).
  explicit RegistryFile(std::string folder);

  // What was saved last; an empty registry where nothing was. Zips are unpacked below the folder `scratch`. Throws
  // Error(input_output), naming the file, for one that is damaged or not of this kind.
  void load(Registry& registry, const std::string& scratch) const;
  // Whole or not at all. Zips that nobody refers to any more are removed. Throws Error(input_output).
  void save(const Registry& registry) const;

 private:
  std::string folder_;
  io::FileLock lock_;
};

}  // namespace textlambda::emulator
