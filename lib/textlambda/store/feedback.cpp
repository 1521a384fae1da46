#include "textlambda/store/feedback.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fmt/format.h>

#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/line_file.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/json/write.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::store {
namespace {

constexpr std::string_view kIdMember = R"({"id":")";

std::string id_digits(const std::array<unsigned char, 16>& name) {
  std::string digits;
  for (const unsigned byte : name) digits += fmt::format("{:02x}", byte);
  return digits;
}

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// Of a line as append() writes it; nothing for one by another hand.
std::optional<std::array<unsigned char, 16>> name_of_line(std::string_view line) {
  std::array<unsigned char, 16> name{};
  if (!line.starts_with(kIdMember) || line.size() < kIdMember.size() + 2 * name.size()) return std::nullopt;
  line.remove_prefix(kIdMember.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::optional<unsigned> high = digit_of(line[2 * i]);
    const std::optional<unsigned> low = digit_of(line[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    name[i] = static_cast<unsigned char>(*high * 16 + *low);
  }
  return name;
}

void append_line(std::string& lines, const std::array<unsigned char, 16>& name, const FeedbackRow& row,
                 const std::string& at) {
  lines += kIdMember;
  lines += id_digits(name);
  lines += R"(","text":)";
  textlambda::json::append_string(lines, row.text);
  lines += R"(,"label":)";
  textlambda::json::append_string(lines, row.label);
  lines += R"(,"source":)";
  textlambda::json::append_string(lines, row.source);
  lines += R"(,"at":")" + at + "\"}\n";
}

}  // namespace

Feedback::Feedback(const ModelStore& store) : folder_(store.path() + "/feedback"), path_(folder_ + "/rows.jsonl") {}

Feedback::Name Feedback::digest_of(std::string_view name) {
  encoding::Sha256 hash;
  hash.update(name);
  const std::string digest = hash.digest();
  Name result{};
  std::copy_n(digest.begin(), result.size(), result.begin());
  return result;
}

void Feedback::make_folder() const {
  if (io::remote_files_for(folder_) != nullptr) {
    io::throw_input("keeps no labelled texts: a store in S3 has models alone", folder_);
  }
  if (::mkdir(folder_.c_str(), 0777) != 0 && errno != EEXIST)
    io::throw_system("cannot make the folder", folder_, errno);
  const std::string lock = folder_ + "/lock";
  const io::FileDescriptor file(::open(lock.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) io::throw_system("cannot make", lock, errno);
}

void Feedback::remember(const Name& name) {
  if (!names_.insert(name).second) return;
  order_.push_back(name);
  if (order_.size() <= kRememberedRows) return;
  names_.erase(order_.front());
  order_.pop_front();
}

void Feedback::catch_up() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    if (errno != ENOENT) io::throw_system("cannot read", path_, errno);
    status = {};
  }
  const io::MappedFile file = status.st_size > 0 ? io::MappedFile::open(path_) : io::MappedFile();
  const std::string_view rows = io::whole_lines(file.view());
  if (status.st_ino != file_ || rows.size() < seen_) {
    names_.clear();
    order_.clear();
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
    if (const std::optional<Name> name = name_of_line(left.substr(0, end))) remember(*name);
    left.remove_prefix(end + 1);
  }
  seen_ = rows.size();
}

std::vector<bool> Feedback::append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned seconds) {
  make_folder();
  const io::FileLock lock(folder_ + "/lock", seconds);
  catch_up();
  const std::string at = text::rfc3339(now_ms);
  std::vector<bool> kept;
  std::set<Name> added;
  std::string lines;
  for (const FeedbackRow& row : rows) {
    const Name name = digest_of(row.name);
    const bool is_new = !names_.contains(name) && added.insert(name).second;
    kept.push_back(is_new);
    if (!is_new) continue;
    append_line(lines, name, row, at);
  }
  if (added.empty()) return kept;
  const std::uint64_t size = io::append_lines(path_, lines);
  if (file_ == 0) return kept;  // it was made just now: the next look reads it
  for (const Name& name : added) remember(name);
  seen_ = size;
  return kept;
}

FeedbackRows Feedback::read(unsigned seconds) const {
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

}  // namespace textlambda::store
