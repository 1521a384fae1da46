#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/file_lock.h"
#include "textlambda/io/line_file.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/store/feedback_lines.h"
#include "textlambda/store/feedback_place.h"

namespace textlambda::store {
namespace {

class FolderFeedback final : public FeedbackPlace {
 public:
  explicit FolderFeedback(const std::string& folder) : folder_(folder), path_(folder + "/rows.jsonl") {}

  std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds) override;
  FeedbackRows read(unsigned seconds) override;

 private:
  void make_folder() const;
  // What others have appended since the last look.
  void catch_up();

  std::string folder_;
  std::string path_;
  std::uint64_t seen_ = 0;  // bytes of the file whose names are known
  std::uint64_t file_ = 0;  // its number: another file has other rows
  RememberedNames names_;
};

void FolderFeedback::make_folder() const {
  if (::mkdir(folder_.c_str(), 0777) != 0 && errno != EEXIST)
    io::throw_system("cannot make the folder", folder_, errno);
  const std::string lock = folder_ + "/lock";
  const io::FileDescriptor file(::open(lock.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) io::throw_system("cannot make", lock, errno);
}

void FolderFeedback::catch_up() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    if (errno != ENOENT) io::throw_system("cannot read", path_, errno);
    status = {};
  }
  const io::MappedFile file = status.st_size > 0 ? io::MappedFile::open(path_) : io::MappedFile();
  const std::string_view rows = io::whole_lines(file.view());
  if (status.st_ino != file_ || rows.size() < seen_) {
    names_.clear();
    seen_ = 0;
    file_ = status.st_ino;
  }
  std::string_view left = rows.substr(seen_);
  if (left.size() > kRememberedBytes) {
    left.remove_prefix(left.size() - kRememberedBytes);
    left.remove_prefix(left.find('\n') + 1);  // whole lines end with one
  }
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    if (const std::optional<FeedbackName> name = name_of_line(left.substr(0, end))) names_.add(*name);
    left.remove_prefix(end + 1);
  }
  seen_ = rows.size();
}

std::vector<bool> FolderFeedback::append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds) {
  make_folder();
  const io::FileLock lock(folder_ + "/lock", seconds);
  catch_up();
  NewRows added = new_rows_of(rows, names_, now_ms);
  if (added.names.empty()) return std::move(added.kept);
  const std::uint64_t size = io::append_lines(path_, added.lines);
  if (file_ == 0) return std::move(added.kept);  // it was made just now: the next look reads it
  for (const FeedbackName& name : added.names) names_.add(name);
  seen_ = size;
  return std::move(added.kept);
}

FeedbackRows FolderFeedback::read(unsigned seconds) {
  FeedbackRows rows{path_, {}, 0};
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return rows;
    io::throw_system("cannot read", path_, errno);
  }
  if (status.st_size == 0) return rows;
  // While nobody takes away a line that was cut off.
  const io::FileLock lock(folder_ + "/lock", seconds);
  const io::MappedFile file = io::MappedFile::open(path_);
  rows.lines = io::whole_lines(file.view());
  rows.count = static_cast<std::uint64_t>(std::count(rows.lines.begin(), rows.lines.end(), '\n'));
  return rows;
}

}  // namespace

std::unique_ptr<FeedbackPlace> folder_feedback(const std::string& folder) {
  return std::make_unique<FolderFeedback>(folder);
}

}  // namespace textlambda::store
