#include "tests/architecture/layers.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

std::string read_without_comments(const fs::path& path) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) text += line.substr(0, line.find('#')) + '\n';
  return text;
}

bool has_sources(const fs::path& folder) {
  return std::any_of(fs::recursive_directory_iterator(folder), fs::recursive_directory_iterator(),
                     [](const fs::directory_entry& entry) {
                       return entry.path().extension() == ".h" || entry.path().extension() == ".cpp";
                     });
}

// The words of textlambda_layer( … ) in a CMakeLists.txt; none if there is no such call.
std::vector<std::string> layer_call(const std::string& cmake) {
  const std::size_t call = cmake.find("textlambda_layer(");
  if (call == std::string::npos) return {};
  const std::size_t begin = cmake.find('(', call) + 1;
  std::istringstream words(cmake.substr(begin, cmake.find(')', begin) - begin));
  return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
}

bool is_keyword(const std::string& word) {
  static const std::set<std::string> kKeywords = {"NAME", "SOURCES", "LAYERS", "LIBRARIES", "PRIVATE_LIBRARIES"};
  return kKeywords.contains(word);
}

std::vector<std::string> values_of(const std::string& keyword, const std::vector<std::string>& words) {
  std::vector<std::string> values;
  bool inside = false;
  for (const std::string& word : words) {
    if (is_keyword(word)) {
      inside = word == keyword;
    } else if (inside) {
      values.push_back(word);
    }
  }
  return values;
}

}  // namespace

Layers read_layers(const fs::path& root) {
  Layers layers;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "lib/textlambda")) {
    if (!entry.is_directory() || !has_sources(entry.path())) continue;
    const std::string folder = entry.path().filename().string();
    const std::vector<std::string> words = layer_call(read_without_comments(entry.path() / "CMakeLists.txt"));
    const std::vector<std::string> name = values_of("NAME", words);
    if (name != std::vector<std::string>{folder}) {
      throw std::runtime_error("lib/textlambda/" + folder + "/CMakeLists.txt declares no textlambda_layer(NAME " +
                               folder + " ...)");
    }
    const std::vector<std::string> below = values_of("LAYERS", words);
    layers[folder] = {below.begin(), below.end()};
  }
  return layers;
}

std::set<std::string> reachable(const Layers& layers, const std::string& layer) {
  std::set<std::string> seen = {layer};
  std::vector<std::string> open = {layer};
  while (!open.empty()) {
    const auto found = layers.find(open.back());
    open.pop_back();
    if (found == layers.end()) continue;
    for (const std::string& below : found->second) {
      if (seen.insert(below).second) open.push_back(below);
    }
  }
  return seen;
}

std::string first_disorder(const Layers& layers) {
  for (const auto& [layer, below] : layers) {
    for (const std::string& name : below) {
      if (!layers.contains(name)) return layer + " names " + name + ", which is not a layer";
      if (reachable(layers, name).contains(layer)) return layer + " and " + name + " need each other";
    }
  }
  return "";
}

}  // namespace textlambda::architecture
