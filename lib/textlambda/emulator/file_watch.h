// Files that are looked at again and again. One that is still being written changes from look to look: it is taken once
// it stands still. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "textlambda/io/file_state.h"

namespace textlambda::emulator {

class FileWatch {
 public:
  // As they are now; an empty path is no file.
  explicit FileWatch(std::vector<std::string> paths);

  // Looks at them. Whether they stand still, and otherwise than at the start or when this was last true; not while the
  // first is not there.
  bool has_changed();

 private:
  using States = std::vector<std::optional<io::FileState>>;
  States states() const;

  std::vector<std::string> paths_;
  States taken_;
  States latest_;  // at the last look
};

}  // namespace textlambda::emulator
