#include "textlambda/lambda/live_model.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/file_state.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::lambda {
namespace {

io::FileDescriptor open_locked(const std::string& path) {
  io::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) io::throw_system("cannot open", path, errno);
  ::flock(file.get(), LOCK_SH | LOCK_NB);  // where there are locks
  return file;
}

std::string version_of(const io::FileState& state) {
  std::string text;
  for (const std::int64_t part : {static_cast<std::int64_t>(state.device), static_cast<std::int64_t>(state.number),
                                  state.size, state.seconds, state.nanoseconds}) {
    text += std::to_string(part) + ' ';
  }
  return text;
}

// Nothing where it is still the version that was `seen` last, or where there is nothing.
std::optional<io::FileDescriptor> find_another(const std::string& path, std::string& seen) {
  if (io::RemoteFiles* const remote = io::remote_files_for(path); remote != nullptr) {
    return remote->fetch_unless(path, seen);
  }
  const std::optional<io::FileState> state = io::state_of(path);
  if (!state || version_of(*state) == seen) return std::nullopt;
  seen = version_of(*state);
  io::FileDescriptor file = open_locked(path);
  // The name may lead to another file by now, and back to the one before by the next look: what was seen is the file
  // that was opened.
  struct stat opened {};
  if (::fstat(file.get(), &opened) == 0) seen = version_of(io::state_of(opened));
  return file;
}

// Throws where there is none.
io::FileDescriptor open_model(const std::string& path) {
  io::RemoteFiles* const remote = io::remote_files_for(path);
  return remote != nullptr ? remote->fetch(path) : open_locked(path);
}

}  // namespace

ServedModel::ServedModel(io::FileDescriptor file, const std::string& path, const HandlerOptions& options)
    : file_(std::move(file)),
      bytes_(io::MappedFile::map(file_, path, io::MappedFile::Access::resident)),
      classifier_(model::ModelFile::view(bytes_.view(), path)),
      handler_(classifier_, options) {}

LiveModel::LiveModel(std::string path, HandlerOptions options, std::optional<double> refresh,
                     const std::string& until_then, double monotonic_ms)
    : path_(std::move(path)),
      options_(std::move(options)),
      refresh_ms_(refresh ? std::optional(*refresh * 1000) : std::nullopt),
      served_(first(until_then)),
      next_look_ms_(monotonic_ms + refresh_ms_.value_or(0)) {}

std::shared_ptr<const ServedModel> LiveModel::first(const std::string& until_then) {
  std::optional<io::FileDescriptor> found = find_another(path_, seen_);
  if (!found && refresh_ms_ && !until_then.empty() && io::state_of(until_then)) {
    return std::make_shared<const ServedModel>(open_model(until_then), until_then, options_);
  }
  return std::make_shared<const ServedModel>(found ? *std::move(found) : open_model(path_), path_, options_);
}

std::shared_ptr<const ServedModel> LiveModel::served() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return served_;
}

LiveModel::Finding LiveModel::look(double monotonic_ms, const std::function<void()>& begin) {
  if (!refresh_ms_) return {};
  const std::unique_lock<std::mutex> looking(looking_, std::try_to_lock);
  if (!looking || monotonic_ms < next_look_ms_) return {};
  next_look_ms_ = monotonic_ms + *refresh_ms_;
  if (begin) begin();
  const std::shared_ptr<const ServedModel> before = served();
  const std::string seen_before = seen_;
  try {
    std::optional<io::FileDescriptor> found = find_another(path_, seen_);
    // A name that leads nowhere for a moment is no model; the one before is as good as it was.
    if (!found) return {};
    std::shared_ptr<const ServedModel> next = std::make_shared<const ServedModel>(*std::move(found), path_, options_);
    std::string message;
    if (next->id() != before->id()) message = "the model is " + next->id() + " now, it was " + before->id();
    const std::lock_guard<std::mutex> lock(mutex_);
    served_ = std::move(next);
    return {message, false};
  } catch (const io::Error& error) {
    if (seen_ == seen_before) next_look_ms_ = monotonic_ms + std::max(*refresh_ms_, kPauseMs);
    return {std::string(error.what()) + ": the model before goes on", true};
  }
}

}  // namespace textlambda::lambda
