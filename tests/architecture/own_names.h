// The names that a source keeps to itself, in an unnamed namespace. Optimised builds compile several sources of a layer
// in one run of the compiler (CMAKE_UNITY_BUILD), where two of one name would clash, or the wrong overload be called.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::architecture {

// The functions, constants and classes that stand at the start of a line within an unnamed namespace, in the order of
// the lines, each with the named namespace around it ("textlambda::io remember"). A name may come more than once.
std::vector<std::string> own_names(std::string_view source);

// "FOLDER: NAME is in A and B", a line each, for every two sources of a folder of lib/textlambda or of tests, or of
// apps/command and its like, that keep one name; empty where there are none.
std::string shared_own_names(const std::filesystem::path& root);

}  // namespace textlambda::architecture
