#include "tests/architecture/own_names.h"

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

// The name that a line begins to define; empty where it defines none.
std::string defined_in(const std::string& line) {
  static const std::regex kClass(R"(^(?:class|struct|enum class)(?: alignas\(\d+\))? (\w+)(?: final)?(?: :.*)? \{.*)");
  static const std::regex kConstant(R"(^(?:static |inline )?(?:constexpr|const) [^=({]*?(k[A-Z]\w*)(?: =|\{|\[|\().*)");
  static const std::regex kFunction(R"(^(?:[\w:<>,*&]+ )+[*&]?([a-z_]\w*)\(.*(?:[{,)]|const)(?: .*\})?$)");
  static const std::set<std::string> kNoTypes = {"return", "using", "namespace", "extern", "else"};
  std::smatch match;
  if (line.empty() || kNoTypes.contains(line.substr(0, line.find(' ')))) return "";
  if (std::regex_match(line, match, kClass) || std::regex_match(line, match, kConstant) ||
      std::regex_match(line, match, kFunction)) {
    return match[1];
  }
  return "";
}

// By the top two folders: lib/textlambda/io, tests/io, apps/command.
std::string compiled_with(const fs::path& path) {
  auto part = path.begin();
  fs::path folder = *part++;
  folder /= *part++;
  if (folder == "lib/textlambda") folder /= *part;
  return folder.generic_string();
}

}  // namespace

std::vector<std::string> own_names(std::string_view source) {
  std::vector<std::string> names;
  std::string around;
  bool unnamed = false;
  while (!source.empty()) {
    const std::string line(source.substr(0, source.find('\n')));
    source.remove_prefix(std::min(source.size(), line.size() + 1));
    if (line == "namespace {") {
      unnamed = true;
    } else if (line == "}  // namespace") {
      unnamed = false;
    } else if (line.starts_with("namespace ") && line.ends_with(" {")) {
      around = line.substr(10, line.size() - 12);
    } else if (unnamed) {
      std::string name = defined_in(line);
      if (!name.empty()) names.push_back(around + " " + name);
    }
  }
  return names;
}

std::string shared_own_names(const fs::path& root) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> folders;  // folder, name, files
  for (const char* top : {"lib", "apps", "tests"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_regular_file() || entry.path().extension() != ".cpp") continue;
      const fs::path path = fs::relative(entry.path(), root);
      const std::string folder = compiled_with(path);
      // A program a source.
      if (folder == "tests/fuzz" || folder == "tests/bench" || path.parent_path() == "apps") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      for (std::string& name : own_names(text)) folders[folder][std::move(name)].insert(path.filename().string());
    }
  }
  std::string shared;
  for (const auto& [folder, names] : folders) {
    for (const auto& [name, files] : names) {
      if (files.size() < 2) continue;
      shared += folder + ": " + name.substr(name.find(' ') + 1) + " is in " + *files.begin() + " and " +
                *std::next(files.begin()) + "\n";
    }
  }
  return shared;
}

}  // namespace textlambda::architecture
