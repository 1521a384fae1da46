// The files that comments and pages speak of, so that none is cited that is not there any more.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::architecture {

// Names of sources and pages (x.h, room/x.cpp, docs/x.md) in `text`: in the // comments of C++, in the # comments of
// CMake and scripts, anywhere on a page; there and in # comments only names with a folder. `path` tells which it is.
std::vector<std::string> cited_files(const std::filesystem::path& path, std::string_view text);

// "FILE cites NAME, which is nowhere" for each file of lib, apps, tests, cmake, scripts and docs and the pages at the
// top, a line each; empty if each stands in some folder of the tree.
std::string stale_citations(const std::filesystem::path& root);

}  // namespace textlambda::architecture
