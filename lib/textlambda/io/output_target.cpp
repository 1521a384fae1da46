#include "textlambda/io/output_target.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace textlambda::io {
namespace {

constexpr int kMostLinks = 40;  // as the kernel follows

std::optional<std::string> real_path(const std::string& path) {
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };
  const std::unique_ptr<char, Free> real(::realpath(path.c_str(), nullptr));
  return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

// /proc/N/fd or /proc/N/task/N/fd, as realpath() has them.
bool is_descriptor_folder(std::string_view folder) { return folder.starts_with("/proc/") && folder.ends_with("/fd"); }

bool is_of_this_process(const std::string& folder) {
  const std::optional<std::string> self = real_path("/proc/self");
  return self && (folder == *self + "/fd" || folder.starts_with(*self + "/task/"));
}

// The file, or nothing where there is none. "-" is standard output.
std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDOUT_FILENO, &status) : ::stat(path.c_str(), &status);
  return failed == 0 ? std::optional(status) : std::nullopt;
}

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);  // the same on every Linux
}

// A name of what is not there: its folder, which is, without links, and the last part.
std::string missing_name(const std::string& path) {
  const std::filesystem::path end = resolve_output(path).path;
  std::error_code failed;
  const std::filesystem::path name = std::filesystem::weakly_canonical(std::filesystem::absolute(end, failed), failed);
  return failed ? end.string() : name.string();
}

bool one_name(const std::string& one, const std::string& other) {
  return !one.empty() && !other.empty() && missing_name(one) == missing_name(other);
}

}  // namespace

OutputTarget resolve_output(const std::string& path) {
  OutputTarget target{path};
  for (int links = 0; links < kMostLinks; ++links) {
    const std::filesystem::path here(target.path);
    const std::string parent = here.parent_path().empty() ? "." : here.parent_path().string();
    const std::optional<std::string> folder = real_path(parent);
    if (!folder) break;  // opening it says why
    if (const std::optional<int> number = number_of(here.filename().string());
        number && is_descriptor_folder(*folder)) {
      target.foreign = !is_of_this_process(*folder);
      if (!target.foreign) target.descriptor = *number;
      break;
    }
    std::error_code failed;
    const std::filesystem::path next = std::filesystem::read_symlink(here, failed);
    if (failed) break;  // no link
    target.path = next.is_absolute() ? next.string() : (std::filesystem::path(*folder) / next).string();
  }
  return target;
}

bool same_output(const std::string& one, const std::string& other) {
  if (is_standard_output(one) && is_standard_output(other)) return true;
  const std::optional<struct stat> a = status_of(one);
  const std::optional<struct stat> b = status_of(other);
  if (!a && !b) return one_name(one, other);
  return a && b && a->st_dev == b->st_dev && a->st_ino == b->st_ino && !is_null_device(*a);
}

bool overwrites(const std::string& output, const std::string& input) {
  const std::optional<struct stat> target = status_of(output);
  if (!target) return output != "-" && one_name(output, input);
  return S_ISREG(target->st_mode) && same_output(output, input);
}

bool is_standard_output(const std::string& path) {
  return path == "-" || resolve_output(path).descriptor == STDOUT_FILENO;
}

}  // namespace textlambda::io
