#include "textlambda/emulator/file_watch.h"

#include <utility>

namespace textlambda::emulator {

FileWatch::FileWatch(std::vector<std::string> paths) : paths_(std::move(paths)), taken_(states()), latest_(taken_) {}

FileWatch::States FileWatch::states() const {
  States found;
  for (const std::string& path : paths_) found.push_back(io::state_of(path));
  return found;
}

bool FileWatch::has_changed() {
  States now = states();
  const bool stands = now == std::exchange(latest_, now);
  if (!stands || now == taken_ || !now.front()) return false;
  taken_ = std::move(now);
  return true;
}

}  // namespace textlambda::emulator
