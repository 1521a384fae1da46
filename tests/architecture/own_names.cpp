#include "tests/architecture/own_names.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "tests/architecture/file_text.h"

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The word that ends before `end`.
std::string word_before(std::string_view line, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && is_word(line[begin - 1])) --begin;
  return std::string(line.substr(begin, end - begin));
}

std::string word_at(std::string_view line, std::size_t begin) {
  std::size_t end = begin;
  while (end < line.size() && is_word(line[end])) ++end;
  return std::string(line.substr(begin, end - begin));
}

std::string class_in(std::string_view line) {
  for (const std::string_view keyword : {"class ", "struct ", "enum class "}) {
    if (!line.starts_with(keyword) || line.find(" {") == std::string_view::npos) continue;
    std::size_t name = keyword.size();
    if (line.substr(name).starts_with("alignas(")) name = line.find(") ") + 2;
    return word_at(line, name);
  }
  return "";
}

// Of constants the name that begins with k, before what it is set to.
std::string constant_in(std::string_view line) {
  for (std::size_t at = line.find(" k"); at != std::string_view::npos; at = line.find(" k", at + 1)) {
    std::string name = word_at(line, at + 1);
    const std::string_view rest = line.substr(at + 1 + name.size());
    const bool is_set =
        rest.starts_with(" =") || rest.starts_with("{") || rest.starts_with("[") || rest.starts_with("(");
    if (name.size() > 1 && std::isupper(static_cast<unsigned char>(name[1])) != 0 && is_set) return name;
  }
  return "";
}

// "type name(": between the type and the name there is a blank, * or &.
std::string function_in(std::string_view line) {
  const std::size_t parenthesis = line.find('(');
  if (parenthesis == std::string_view::npos || line.ends_with(";")) return "";
  std::string name = word_before(line, parenthesis);
  const std::string_view before = line.substr(0, parenthesis - name.size());
  const bool is_type = before.size() > 1 && before.find_first_of("=({}\"") == std::string_view::npos &&
                       (before.ends_with(' ') || before.ends_with('*') || before.ends_with('&'));
  return is_type && !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) == 0 ? name : "";
}

// The name that a line begins to define; empty where it defines none.
std::string defined_in(std::string_view line) {
  static const std::set<std::string, std::less<>> kNoTypes = {"return", "using", "namespace",
                                                              "extern", "else",  "template"};
  if (line.empty() || !is_word(line[0]) || kNoTypes.contains(line.substr(0, line.find(' ')))) return "";
  if (std::string name = class_in(line); !name.empty()) return name;
  if (std::string name = constant_in(line); !name.empty()) return name;
  return function_in(line);
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
      for (std::string& name : own_names(file_text(entry.path()))) {
        folders[folder][std::move(name)].insert(path.filename().string());
      }
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
