// Which #include goes where: between layers, towards apps/, and to third-party libraries.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/architecture/layers.h"

namespace textlambda::architecture {

struct Include {
  std::filesystem::path file;  // relative to the root of the tree
  std::size_t line = 0;        // from 1
  std::string path;            // between the quotes or angle brackets
  bool quoted = false;
};

// Every #include of the .h, .cpp and .inc files in lib, apps and tests under root, in a stable order.
std::vector<Include> read_includes(const std::filesystem::path& root);

// Why the include is forbidden, or nothing.
std::string objection(const Include& include, const Layers& layers);

// The arrows that nobody walks: "layer names other and includes nothing of it", one a line.
std::string idle_arrows(const std::filesystem::path& root);

// "file:line: #include path: reason" of each forbidden include, one a line. Empty for a tree in order.
std::string forbidden_includes(const std::filesystem::path& root);

}  // namespace textlambda::architecture
