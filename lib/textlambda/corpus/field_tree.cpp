#include "textlambda/corpus/field_tree.h"

#include <algorithm>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

std::string unescaped_token(std::string_view token, std::string_view pointer) {
  std::string result;
  for (std::size_t index = 0; index < token.size(); ++index) {
    if (token[index] != '~') {
      result += token[index];
      continue;
    }
    const char next = index + 1 < token.size() ? token[index + 1] : '\0';
    if (next != '0' && next != '1') {
      io::throw_usage("JSON Pointer " + in_quotes(pointer) + ": '~' must be followed by 0 or 1");
    }
    result += next == '0' ? '~' : '/';
    ++index;
  }
  return result;
}

}  // namespace

std::vector<std::string> field_path(std::string_view name) {
  if (name.empty() || name.front() != '/') return {std::string(name)};
  std::vector<std::string> path;
  std::string_view rest = name;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find('/'));
    path.push_back(unescaped_token(token, name));
    rest.remove_prefix(token.size());
  }
  return path;
}

void FieldTree::add(std::string_view name, std::size_t target) {
  FieldTree* node = this;
  for (const std::string& token : field_path(name)) {
    const auto found = std::find_if(node->children.begin(), node->children.end(),
                                    [&](const FieldTree& child) { return child.key == token; });
    if (found != node->children.end()) {
      node = &*found;
    } else {
      node->children.push_back({token, {}, {}});
      node = &node->children.back();
    }
  }
  node->targets.push_back(target);
}

}  // namespace textlambda::corpus
