#include "tests/architecture/citations.h"

#include <algorithm>
#include <array>
#include <set>

#include "tests/architecture/file_text.h"

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kEndings = {".h", ".cpp", ".md"};

bool is_page(const fs::path& path) { return path.extension() == ".md"; }
bool is_cpp(const fs::path& path) { return path.extension() == ".h" || path.extension() == ".cpp"; }

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '/' || c == '.';
}

// The part of a line that is said, not done.
std::string_view said(const fs::path& path, std::string_view line) {
  if (is_page(path)) return line;
  const std::size_t begin = line.find(is_cpp(path) ? "// " : "# ");
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

void add_names(std::string_view words, bool with_folder, std::vector<std::string>& names) {
  while (!words.empty()) {
    const auto* const begin = std::find_if(words.begin(), words.end(), is_of_a_name);
    const auto* const end = std::find_if_not(begin, words.end(), is_of_a_name);
    std::string_view name =
        words.substr(static_cast<std::size_t>(begin - words.begin()), static_cast<std::size_t>(end - begin));
    // Wildcards, placeholders (NAME.cpp), addresses and absolute paths are no names of files here.
    const bool part = (begin != words.begin() && std::string_view("*<{$:").find(begin[-1]) != std::string_view::npos) ||
                      (end != words.end() && std::string_view("*>}").find(*end) != std::string_view::npos);
    words.remove_prefix(static_cast<std::size_t>(end - words.begin()));
    while (name.ends_with('.')) name.remove_suffix(1);
    while (name.starts_with("../")) name.remove_prefix(3);
    const auto ends = [&](std::string_view ending) { return name.size() > ending.size() && name.ends_with(ending); };
    const std::string_view stem = name.substr(name.rfind('/') + 1, name.rfind('.') - name.rfind('/') - 1);
    const bool placeholder = stem == "NAME";
    const bool folder = name.find('/') != std::string_view::npos;
    if (part || placeholder || name.starts_with('/') || (with_folder && !folder) ||
        std::none_of(kEndings.begin(), kEndings.end(), ends))
      continue;
    names.emplace_back(name);
  }
}

bool stands(const std::set<std::string>& tree, const std::string& name) {
  return tree.contains(name) ||
         std::any_of(tree.begin(), tree.end(), [&](const std::string& file) { return file.ends_with("/" + name); });
}

}  // namespace

std::vector<std::string> cited_files(const fs::path& path, std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add_names(said(path, text.substr(0, end)), !is_cpp(path), names);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

std::string stale_citations(const fs::path& root) {
  std::set<std::string> tree;
  for (const char* top : {"lib", "apps", "tests", "cmake", "scripts", "docs", "deploy", "data"}) {
    if (!fs::is_directory(root / top)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.is_regular_file()) tree.insert(fs::relative(entry.path(), root).generic_string());
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file()) tree.insert(entry.path().filename().string());
  }
  std::string stale;
  for (const std::string& file : tree) {
    // This folder's own samples are of files that never were.
    if (file.starts_with("tests/architecture/") || file.starts_with("data/") || file == "CHANGELOG.md") continue;
    const fs::path path(file);
    const bool script =
        file.starts_with("scripts/") || path.extension() == ".cmake" || path.filename() == "CMakeLists.txt";
    if (!is_cpp(path) && !is_page(path) && !script) continue;
    for (const std::string& name : cited_files(path, file_text(root / path))) {
      if (!stands(tree, name)) stale += file + " cites " + name + ", which is nowhere\n";
    }
  }
  return stale;
}

}  // namespace textlambda::architecture
