#include "textlambda/lambda/live_model.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "textlambda/io/error.h"

namespace textlambda::lambda {
namespace {

io::FileDescriptor open_locked(const std::string& path) {
  io::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) io::throw_system("cannot open", path, errno);
  ::flock(file.get(), LOCK_SH | LOCK_NB);  // where there are locks
  return file;
}

}  // namespace

ServedModel::ServedModel(const std::string& path, const HandlerOptions& options)
    // Before the file is opened: if it is another one by then, the next look finds that.
    : file_(-1),
      state_(io::state_of(path).value_or(io::FileState())),
      bytes_([&] {
        file_ = open_locked(path);
        return io::MappedFile::map(file_, path, io::MappedFile::Access::resident);
      }()),
      classifier_(model::ModelFile::view(bytes_.view(), path)),
      handler_(classifier_, options) {}

LiveModel::LiveModel(std::string path, HandlerOptions options, std::optional<double> refresh,
                     const std::string& until_then)
    : path_(std::move(path)),
      options_(std::move(options)),
      refresh_ms_(refresh ? std::optional(*refresh * 1000) : std::nullopt),
      served_(std::make_shared<const ServedModel>(
          refresh && !until_then.empty() && !io::state_of(path_) && io::state_of(until_then) ? until_then : path_,
          options_)) {}

std::shared_ptr<const ServedModel> LiveModel::served() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return served_;
}

LiveModel::Finding LiveModel::look(double monotonic_ms) {
  if (!refresh_ms_) return {};
  const std::unique_lock<std::mutex> looking(looking_, std::try_to_lock);
  if (!looking || (last_look_ms_ && monotonic_ms - *last_look_ms_ < *refresh_ms_)) return {};
  last_look_ms_ = monotonic_ms;
  const std::shared_ptr<const ServedModel> before = served();
  const std::optional<io::FileState> state = io::state_of(path_);
  // A name that leads nowhere for a moment is no model; the one before is as good as it was.
  if (!state || *state == before->state_ || state == refused_) return {};
  try {
    std::shared_ptr<const ServedModel> next = std::make_shared<const ServedModel>(path_, options_);
    const std::string message =
        "the model is " + next->classifier_.file().id() + " now, it was " + before->classifier_.file().id();
    refused_.reset();
    const std::lock_guard<std::mutex> lock(mutex_);
    served_ = std::move(next);
    return {message, false};
  } catch (const io::Error& error) {
    refused_ = state;
    return {std::string(error.what()) + ": the model before goes on", true};
  }
}

}  // namespace textlambda::lambda
