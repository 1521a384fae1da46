#include "textlambda/aws/s3_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/scratch_file.h"

namespace textlambda::aws {
namespace {

// Of what stands beside the object in its "folder", or below that.
S3Name target_of(const S3Name& link, const std::string& target) {
  const bool leaves = target.starts_with('/') || target.find("..") != std::string::npos;
  if (leaves) io::throw_input("leads out of its folder: " + target, link.text());
  const std::size_t folder = link.key.rfind('/');
  return {link.bucket, (folder == std::string::npos ? "" : link.key.substr(0, folder + 1)) + target};
}

}  // namespace

S3& S3Files::s3() {
  if (!s3_) s3_ = std::make_unique<S3>(session_of_(), options_);
  return *s3_;
}

bool S3Files::owns(std::string_view path) const { return is_s3_name(path); }

// Nothing where the object still has that ETag.
std::optional<io::FileDescriptor> S3Files::copy(const std::string& path, std::string& version) {
  const S3Name name = parse_s3_name(path);
  const std::string folder = io::scratch_folder("a copy of " + path);
  io::FileDescriptor file = io::open_nameless(folder);
  if (file.get() < 0) io::throw_system("cannot keep a copy of " + path + " in", folder, errno);
  const S3::Take take = [&](std::string_view part) {
    if (!io::write_all(file.get(), part)) io::throw_system("cannot keep a copy of " + path + " in", folder, errno);
  };
  const std::optional<S3Object> object = s3().get(name, take, {.if_none_match = version});
  if (!object) return std::nullopt;
  version = object->etag;
  if (!object->link.empty()) {
    if (::ftruncate(file.get(), 0) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
      io::throw_system("cannot keep a copy of " + path + " in", folder, errno);
    }
    s3().get(target_of(name, object->link), take);
  }
  return file;
}

io::FileDescriptor S3Files::fetch(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string version;
  return *copy(path, version);
}

std::optional<io::FileDescriptor> S3Files::fetch_unless(const std::string& path, std::string& version) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string before = version;
  try {
    return copy(path, version);
  } catch (const ServiceError& error) {
    // The object itself, not what it leads to.
    if (error.fault().code == "NoSuchKey" && version == before) return std::nullopt;
    throw;
  }
}

void S3Files::prepare(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const S3Name name = parse_s3_name(path);
  if (name.key.empty() || name.key.back() == '/') io::throw_usage(path + ": expected the key of an object");
  s3().session().credentials();
}

void S3Files::store(const std::string& path, const io::FileDescriptor& content) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const io::MappedFile bytes = io::MappedFile::map(content, path);
  s3().put(parse_s3_name(path), bytes.view());
  names_.insert(path);
}

bool S3Files::exists(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (names_.contains(path)) return true;
  const bool known = std::any_of(listed_.begin(), listed_.end(),
                                 [&](const std::string& beginning) { return path.starts_with(beginning); });
  if (known) return false;
  const S3Name name = parse_s3_name(path);
  return !name.key.empty() && s3().head(name).has_value();
}

std::vector<std::string> S3Files::list(const std::string& beginning) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const S3Name prefix = parse_s3_name(beginning);
  std::vector<std::string> names;
  s3().list(prefix, [&](ListedObject&& object) {
    // A key with a slash at its end is what consoles make to show a folder.
    if (!object.key.ends_with('/')) names.push_back(S3Name{prefix.bucket, std::move(object.key)}.text());
    return true;
  });
  std::sort(names.begin(), names.end());
  names_.insert(names.begin(), names.end());
  listed_.push_back(beginning);
  return names;
}

}  // namespace textlambda::aws
