// Counts the allocations of the program it is linked into: those of operator new, and those that C code linked
// statically makes through malloc, calloc and realloc (with the linker's --wrap for these three). Thread-safe.
#pragma once

#include <cstddef>

std::size_t allocation_count();
