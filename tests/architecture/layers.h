// The layers a source tree declares: a folder of lib/textlambda each, with the folders it may include.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace textlambda::architecture {

// Layer → the layers in the LAYERS of its CMakeLists.txt.
using Layers = std::map<std::string, std::set<std::string>>;

// Reads every lib/textlambda/*/CMakeLists.txt under root. Throws std::runtime_error on a folder that has sources and
// declares no layer, or one of another name.
Layers read_layers(const std::filesystem::path& root);

// What `layer` may include: itself, its LAYERS and theirs.
std::set<std::string> reachable(const Layers& layers, const std::string& layer);

// A layer that reaches itself through others, or names one that does not exist; empty if there is none.
std::string first_disorder(const Layers& layers);

}  // namespace textlambda::architecture
