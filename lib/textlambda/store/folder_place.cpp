#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/store/place.h"

namespace textlambda::store {
namespace {

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

void make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && !(errno == EEXIST && is_folder(path))) {
    io::throw_system("cannot make the folder", path, errno);
  }
}

void sync_folder(const std::string& path) {
  const io::FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
}

class FolderPlace final : public Place {
 public:
  using Place::Place;

  void require() override {
    if (is_folder(models_folder())) return;
    io::throw_input("is no store of models: expected a folder with models in it, as textlambda-retrain makes it",
                    path());
  }

  void make() override {
    if (!is_folder(models_folder())) {
      std::error_code ignored;
      if (std::filesystem::exists(path(), ignored) && !std::filesystem::is_empty(path(), ignored)) return require();
      make_folder(path());
      make_folder(models_folder());
    }
    const std::string lock = path() + "/lock";
    const io::FileDescriptor file(::open(lock.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0666));
    if (file.get() < 0) io::throw_system("cannot make", lock, errno);
    require();
  }

  std::unique_ptr<io::FileLock> lock(unsigned seconds) override {
    return std::make_unique<io::FileLock>(path() + "/lock", seconds);
  }

  StoreState read() override {
    StoreState state;
    read_link(state);
    state.ledger = read_ledger(ledger_path());
    return state;
  }

  std::vector<StoredModel> models() override {
    std::vector<StoredModel> models;
    const std::string folder = models_folder();
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      const std::string_view id = model_id_of(name);
      struct stat status {};
      // One may be pruned meanwhile.
      if (id.empty() || ::stat(at->path().c_str(), &status) != 0) continue;
      models.push_back({std::string(id), static_cast<std::uint64_t>(status.st_size),
                        std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1000000});
    }
    if (error) io::throw_system("cannot read the folder", folder, error.value());
    std::sort(models.begin(), models.end(), [](const StoredModel& a, const StoredModel& b) {
      return std::tie(b.written_ms, a.id) < std::tie(a.written_ms, b.id);
    });
    return models;
  }

  void add(const std::string& id, std::string_view bytes) override {
    const std::string model = model_path(id);
    struct stat status {};
    // What is there under that name was renamed there whole; its size is looked at for a disk that lost it.
    if (::stat(model.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == bytes.size()) return;
    io::write_file(model, bytes);
    sync_folder(models_folder());
  }

  void set_current(const std::string& id) override {
    const std::string link = path() + "/current";
    const std::string made = link + ".new";
    const std::string target = fmt::format("{}/{}{}", kModelsFolder, id, kModelSuffix);
    // Of a run that was killed; under the lock nobody else has one.
    ::unlink(made.c_str());
    if (::symlink(target.c_str(), made.c_str()) != 0) io::throw_system("cannot make", made, errno);
    if (::rename(made.c_str(), link.c_str()) != 0) {
      const int error = errno;
      ::unlink(made.c_str());
      io::throw_system("cannot replace", link, error);
    }
    sync_folder(path());
  }

  // The lock is held: nobody has changed anything.
  bool commit(const StoreState& seen, const LedgerEntry& entry) override {
    if (entry.to != seen.current) set_current(entry.to);
    append_to_ledger(ledger_path(), entry);
    return true;
  }

  // The link moves before the entry is written: nothing is left to be done, and the entry cannot be made up.
  bool finish_last(const StoreState& /*seen*/) override { return false; }

  bool remove(const std::string& id) override {
    const std::string model = model_path(id);
    // An NFS, EFS among them, locks for one alone only what is open for writing.
    io::FileDescriptor file(::open(model.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) file = io::FileDescriptor(::open(model.c_str(), O_RDONLY | O_CLOEXEC));
    // Whoever serves a model has it locked.
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return false;
    if (::unlink(model.c_str()) != 0) io::throw_system("cannot remove", model, errno);
    return true;
  }

 private:
  std::string models_folder() const { return fmt::format("{}/{}", path(), kModelsFolder); }

  void read_link(StoreState& state) const {
    const std::string link = path() + "/current";
    std::error_code error;
    const std::string target = std::filesystem::read_symlink(link, error).string();
    if (error == std::errc::no_such_file_or_directory) return;
    const std::string_view name = std::string_view(target).substr(target.rfind('/') + 1);
    std::string id(model_id_of(name));
    if (error || id.empty() || target != fmt::format("{}/{}", kModelsFolder, name)) {
      io::throw_input("expected a symbolic link to models/ID.tlm", link);
    }
    struct stat status {};
    if (::stat(link.c_str(), &status) != 0) {
      state.fault = fmt::format("points to {}, which is gone: textlambda-models --rollback chooses another", target);
    }
    state.current = std::move(id);
  }
};

}  // namespace

std::unique_ptr<Place> folder_place(const std::string& path) { return std::make_unique<FolderPlace>(path); }

}  // namespace textlambda::store
