// The JSON fields that are wanted, as a tree: one walk over an object finds all of them, in whatever order they come.
// Immutable once built.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::corpus {

struct FieldTree {
  std::string key;                   // one reference token of a JSON Pointer, unescaped; of the root: empty
  std::vector<std::size_t> targets;  // that take this field's value
  std::vector<FieldTree> children;

  // `name` is a field's name, or a JSON Pointer (RFC 6901) where it starts with '/'. Throws Error(usage) for a pointer
  // with a '~' that is neither ~0 nor ~1.
  void add(std::string_view name, std::size_t target);
};

// The tokens of `name` as FieldTree::add reads it.
std::vector<std::string> field_path(std::string_view name);

}  // namespace textlambda::corpus
