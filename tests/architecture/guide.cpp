#include "tests/architecture/guide.h"

#include <algorithm>
#include <array>

#include "tests/architecture/file_text.h"

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// What stands between backticks, in order.
std::vector<std::string> in_backticks(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = text.find('`'); begin != std::string_view::npos; begin = text.find('`', begin)) {
    const std::size_t end = text.find('`', begin + 1);
    if (end == std::string_view::npos) break;
    words.emplace_back(text.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return words;
}

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (std::size_t begin = row.find('|'); begin != std::string_view::npos;) {
    const std::size_t end = row.find('|', begin + 1);
    if (end == std::string_view::npos) break;
    cells.emplace_back(row.substr(begin + 1, end - begin - 1));
    begin = end;
  }
  return cells;
}

bool is_left_out(const fs::path& path) {
  static constexpr std::array<std::string_view, 5> kNames = {"build", ".git", "node_modules", "CHANGELOG.md",
                                                             "CONTRIBUTING.md"};
  // Python keeps what it has compiled beside the sources, at any depth.
  return std::find(kNames.begin(), kNames.end(), path.begin()->string()) != kNames.end() ||
         path.filename() == "__pycache__";
}

bool has_one_of(const std::string& text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

}  // namespace

Layers mapped_layers(std::string_view guide) {
  Layers layers;
  for (const std::string& line : lines_of(guide)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 3 || in_backticks(cells[0]).size() != 1) continue;
    const std::vector<std::string> below = in_backticks(cells[2]);
    layers[in_backticks(cells[0]).front()] = {below.begin(), below.end()};
  }
  return layers;
}

std::vector<Example> examples(std::string_view guide) {
  std::vector<Example> found;
  bool listing = false;
  for (const std::string& line : lines_of(guide)) {
    const std::vector<std::string> words = in_backticks(line);
    if (line.find(" in these files and no others:") != std::string::npos && !words.empty()) {
      found.push_back({words, {}});
      listing = true;
    } else if (listing && line.starts_with("- `") && !words.empty()) {
      found.back().files.push_back(words.front());
    } else if (line.starts_with('#')) {
      listing = false;
    }
  }
  return found;
}

std::set<std::string> files_with(const fs::path& root, const std::vector<std::string>& words) {
  std::set<std::string> files;
  fs::recursive_directory_iterator entry(root);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path path = entry->path().lexically_relative(root);
    if (is_left_out(path)) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() &&
               (has_one_of(path.string(), words) || has_one_of(file_text(entry->path()), words))) {
      files.insert(path.string());
    }
  }
  return files;
}

std::string disagreement(const fs::path& root, const Example& example) {
  std::set<std::string> files = files_with(root, example.words);
  std::string text;
  for (const std::string& listed : example.files) {
    const auto same = [&](const std::string& file) {
      return listed.ends_with('/') ? file.starts_with(listed) : file == listed;
    };
    if (std::erase_if(files, same) == 0) text += "listed and without " + example.words.front() + ": " + listed + "\n";
  }
  for (const std::string& file : files) text += "has " + example.words.front() + " and is not listed: " + file + "\n";
  return text;
}

}  // namespace textlambda::architecture
