#include "textlambda/recording/input_list.h"

#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "textlambda/io/error.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::recording {
namespace {

constexpr std::string_view kExpected = ".expected.json";
constexpr std::string_view kJson = ".json";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_folder(const std::string& path) {
  if (io::remote_files_for(path) != nullptr) return ends_with(path, "/");
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// A pipe, socket or device, from which nothing may ever come. A link to nothing is none: opening it says what is wrong.
bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

// Whether a file found in a folder is looked at, by its name.
bool may_hold_events(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 8> kEndings = {".json", ".jsonl", ".ndjson", ".log",
                                                        ".txt",  ".gz",    ".zst",    ".zip"};
  const std::string name = path.filename().string();
  if (name.front() == '.') return false;
  const std::string ending = path.extension().string();
  // Deliveries to S3 have none; "2026-11-03T10:22:04.123" only looks as if it had one.
  if (ending.empty() || std::all_of(ending.begin() + 1, ending.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == 'Z' || c == '-' || c == ':';
      })) {
    return true;
  }
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// All files under a folder, sorted. Links to folders are not followed, so that there is an end; a hidden folder (.git)
// counts as a hidden file.
std::vector<std::string> walk(const std::string& folder) {
  std::vector<std::string> files;
  if (io::RemoteFiles* const remote = io::remote_files_for(folder); remote != nullptr) return remote->list(folder);
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    const bool hidden = entry->path().filename().string().front() == '.';
    if (hidden) entry.disable_recursion_pending();
    if (hidden || !entry->is_directory(ignored)) files.push_back(entry->path().string());
  }
  if (error) io::throw_system("cannot read the folder", folder, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

void add_folder(const std::string& folder, InputList& list) {
  const std::size_t before = list.files.size();
  for (std::string& file : walk(folder)) {
    const bool in_hidden =
        io::remote_files_for(file) != nullptr && file.find("/.", folder.size() - 1) != std::string::npos;
    const bool looked_at = may_hold_events(file) && !is_special(file) && !in_hidden;
    (looked_at ? list.files : list.passed_over).push_back(std::move(file));
  }
  if (list.files.size() == before) {
    io::throw_input(
        "is a folder without events (no file whose name ends in .json, .jsonl, .ndjson, .log, .txt, .gz, "
        ".zst or .zip, or has no ending)",
        folder);
  }
}

std::vector<std::string> glob_matches(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> matches;
  if (status == 0) matches.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  std::sort(matches.begin(), matches.end());
  return matches;
}

// "a/**/b*.json": below each folder that "a" means, the files some end of whose path matches "b*.json".
std::vector<std::string> deep_matches(const std::string& pattern, std::size_t stars) {
  std::string base = pattern.substr(0, stars);
  std::string rest = pattern.substr(std::min(pattern.size(), stars + 2));
  if (!rest.empty() && rest.front() == '/') rest.erase(0, 1);
  if (rest.empty()) rest = "*";
  std::vector<std::string> matches;
  for (const std::string& folder : base.empty() ? std::vector<std::string>{"."} : glob_matches(base)) {
    if (!is_folder(folder)) continue;
    for (const std::string& file : walk(folder)) {
      const std::string relative = file.substr(std::min(file.size(), folder.size() + (ends_with(folder, "/") ? 0 : 1)));
      for (std::size_t begin = 0; begin != std::string::npos;) {
        if (::fnmatch(rest.c_str(), relative.c_str() + begin, FNM_PATHNAME | FNM_PERIOD) == 0) {
          matches.push_back(base.empty() ? relative : file);
          break;
        }
        begin = relative.find('/', begin);
        if (begin != std::string::npos) ++begin;
      }
    }
  }
  return matches;
}

// Of files on another machine: those that begin as the pattern does before its first wildcard.
std::vector<std::string> remote_matches(const std::string& pattern, bool deep) {
  const std::string beginning = pattern.substr(0, pattern.find_first_of("*?["));
  std::vector<std::string> matches = io::remote_files_for(pattern)->list(beginning);
  std::erase_if(matches, [&](const std::string& file) {
    return ::fnmatch(pattern.c_str(), file.c_str(), FNM_PERIOD | (deep ? 0 : FNM_PATHNAME)) != 0;
  });
  return matches;
}

void add_glob(const std::string& pattern, InputList& list) {
  const std::size_t stars = pattern.find("**");
  const bool deep = stars != std::string::npos;
  const std::vector<std::string> matches = io::remote_files_for(pattern) != nullptr ? remote_matches(pattern, deep)
                                           : deep                                   ? deep_matches(pattern, stars)
                                                                                    : glob_matches(pattern);
  if (matches.empty()) io::throw_input("no file matches", pattern);
  for (const std::string& match : matches) {
    if (is_folder(match)) {
      add_folder(match, list);
    } else {
      list.files.push_back(match);
    }
  }
}

}  // namespace

std::string expected_path(const std::string& path) {
  if (!ends_with(path, kJson) || ends_with(path, kExpected)) return "";
  return path.substr(0, path.size() - kJson.size()) + std::string(kExpected);
}

std::string event_path(const std::string& expected) {
  if (!ends_with(expected, kExpected)) return "";
  return expected.substr(0, expected.size() - kExpected.size()) + std::string(kJson);
}

InputList list_inputs(const std::vector<std::string>& paths) {
  InputList list;
  for (const std::string& path : paths) {
    if (is_folder(path)) {
      add_folder(path, list);
    } else if (path == "-" || io::exists(path)) {
      list.files.push_back(path);
    } else if (io::RemoteFiles* const remote = io::remote_files_for(path);
               remote != nullptr && path.find_first_of("*?[") == std::string::npos) {
      if (remote->list(path + "/").empty()) io::throw_system("cannot open", path, ENOENT);
      add_folder(path + "/", list);
    } else if (path.find_first_of("*?[") != std::string::npos) {
      add_glob(path, list);
    } else {
      io::throw_system("cannot open", path, ENOENT);
    }
  }
  const auto beside_its_event = [](const std::string& file) {
    const std::string event = event_path(file);
    return !event.empty() && io::exists(event);
  };
  list.files.erase(std::remove_if(list.files.begin(), list.files.end(), beside_its_event), list.files.end());
  if (list.files.empty()) {
    io::throw_input("only expected responses, no event", paths.empty() ? "" : paths.front());
  }
  return list;
}

}  // namespace textlambda::recording
