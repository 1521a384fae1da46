// What CONTRIBUTING.md says of the tree, read so that it can be held against the tree.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/layers.h"

namespace textlambda::architecture {

// The rows of its map: | `layer` | what it holds | `layers`, `that`, `it`, `includes` |
Layers mapped_layers(std::string_view guide);

// "`word`, `spelling` … stands in these files and no others:" and the list under it, "- `path`: why". A path that ends
// with / stands for all files below it.
struct Example {
  std::vector<std::string> words;  // one thing's spellings
  std::vector<std::string> files;
};
std::vector<Example> examples(std::string_view guide);

// The files below `root` whose text or path has one of the words, as paths from there. Builds, the history and
// CHANGELOG.md, which tell of everything, are left out, and so is CONTRIBUTING.md.
std::set<std::string> files_with(const std::filesystem::path& root, const std::vector<std::string>& words);

// Where list and tree differ, a line each; empty if they agree.
std::string disagreement(const std::filesystem::path& root, const Example& example);

}  // namespace textlambda::architecture
