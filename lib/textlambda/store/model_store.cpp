#include "textlambda/store/model_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <tuple>

#include <fmt/format.h>

#include "textlambda/archive/sha256.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::store {
namespace {

constexpr std::size_t kIdDigits = 16;
constexpr std::string_view kModels = "models";
constexpr std::string_view kSuffix = ".tlm";

bool is_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Of a file's name; empty where it is no model's.
std::string_view id_of(std::string_view name) {
  if (!name.ends_with(kSuffix)) return {};
  name.remove_suffix(kSuffix.size());
  return is_id(name) ? name : std::string_view();
}

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

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::string model_id(std::string_view bytes) { return archive::sha256_hex(bytes).substr(0, kIdDigits); }

ModelStore ModelStore::open(const std::string& path) {
  if (path.empty()) io::throw_usage("the name of the store is empty");
  ModelStore store(path);
  if (!is_folder(fmt::format("{}/{}", path, kModels))) {
    io::throw_input("is no store of models: expected a folder with models in it, as textlambda-retrain makes it", path);
  }
  return store;
}

ModelStore ModelStore::open_or_create(const std::string& path) {
  if (path.empty()) io::throw_usage("the name of the store is empty");
  const std::string models = fmt::format("{}/{}", path, kModels);
  if (!is_folder(models)) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !std::filesystem::is_empty(path, ignored)) return open(path);
    make_folder(path);
    make_folder(models);
  }
  const std::string lock = path + "/lock";
  const io::FileDescriptor file(::open(lock.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) io::throw_system("cannot make", lock, errno);
  return open(path);
}

std::string ModelStore::model_path(std::string_view id) const {
  return fmt::format("{}/{}/{}{}", path_, kModels, id, kSuffix);
}

std::string ModelStore::current() const {
  const std::string link = path_ + "/current";
  std::error_code error;
  const std::string target = std::filesystem::read_symlink(link, error).string();
  if (error == std::errc::no_such_file_or_directory) return "";
  const std::string_view name = std::string_view(target).substr(target.rfind('/') + 1);
  std::string id(id_of(name));
  if (error || id.empty() || target != fmt::format("{}/{}", kModels, name)) {
    io::throw_input("expected a symbolic link to models/ID.tlm", link);
  }
  struct stat status {};
  if (::stat(link.c_str(), &status) != 0) {
    io::throw_input(fmt::format("points to {}, which is gone: textlambda-models --rollback chooses another", target),
                    link);
  }
  return id;
}

std::vector<StoredModel> ModelStore::models() const {
  std::vector<StoredModel> models;
  const std::string folder = fmt::format("{}/{}", path_, kModels);
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const std::string_view id = id_of(name);
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

std::string ModelStore::find(std::string_view prefix) const {
  std::vector<std::string> found;
  for (const StoredModel& model : models()) {
    if (!prefix.empty() && std::string_view(model.id).starts_with(prefix)) found.push_back(model.id);
  }
  if (found.empty()) io::throw_usage(fmt::format("{}: no model's id begins with \"{}\"", path_, prefix));
  if (found.size() > 1) io::throw_usage(fmt::format("{}: \"{}\" begins several models' ids", path_, prefix));
  return found.front();
}

std::string ModelStore::add(std::string_view bytes) const {
  std::string id = model_id(bytes);
  const std::string path = model_path(id);
  struct stat status {};
  // What is there under that name was renamed there whole; its size is looked at for a disk that lost it.
  if (::stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == bytes.size()) return id;
  io::write_file(path, bytes);
  sync_folder(fmt::format("{}/{}", path_, kModels));
  return id;
}

void ModelStore::set_current(const std::string& id) const {
  const std::string link = path_ + "/current";
  const std::string made = link + ".new";
  const std::string target = fmt::format("{}/{}{}", kModels, id, kSuffix);
  // Of a run that was killed; under the lock nobody else has one.
  ::unlink(made.c_str());
  if (::symlink(target.c_str(), made.c_str()) != 0) io::throw_system("cannot make", made, errno);
  if (::rename(made.c_str(), link.c_str()) != 0) {
    const int error = errno;
    ::unlink(made.c_str());
    io::throw_system("cannot replace", link, error);
  }
  sync_folder(path_);
}

void ModelStore::record(LedgerEntry& entry) const {
  entry.at = text::rfc3339(now_ms());
  append_to_ledger(ledger_path(), entry);
}

std::vector<LedgerEntry> ModelStore::reconcile() const {
  std::vector<LedgerEntry> entries = read_ledger(ledger_path());
  const std::string now = current();
  const std::string last = entries.empty() ? "" : entries.back().to;
  if (now == last) return entries;
  LedgerEntry entry;
  entry.action = Action::found;
  entry.from = last;
  entry.to = now;
  entry.reason =
      "the current model is another than the last entry says: a run was killed after it had moved it, or it "
      "was moved by hand";
  record(entry);
  return read_ledger(ledger_path());
}

std::vector<std::string> ModelStore::prune(std::size_t kept) const {
  std::vector<std::string> removed;
  const std::string serving = current();
  const std::vector<StoredModel> all = models();
  for (std::size_t i = kept; i < all.size(); ++i) {
    if (all[i].id == serving) continue;
    const std::string path = model_path(all[i].id);
    const io::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    // Whoever serves a model has it locked.
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
    if (::unlink(path.c_str()) != 0) io::throw_system("cannot remove", path, errno);
    removed.push_back(all[i].id);
  }
  return removed;
}

}  // namespace textlambda::store
