// Where this tree stands, for tests that read its data and pages.
#pragma once

#include <string>

// The path of a file or folder of the tree, "data/events"; none: of the tree itself.
std::string in_source_folder(const std::string& relative = "");
