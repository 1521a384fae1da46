#include "textlambda/corpus/field_tree.h"

#include <algorithm>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/json/pointer.h"

namespace textlambda::corpus {
std::vector<std::string> field_path(std::string_view name) {
  if (name.empty() || name.front() != '/') return {std::string(name)};
  if (const std::string fault = json::pointer_fault(name); !fault.empty()) {
    io::throw_usage("field " + in_quotes(name) + " " + fault);
  }
  return json::parse_pointer(name);
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
