#include "textlambda/mongodb/copy.h"

#include "textlambda/json/write.h"
#include "textlambda/mongodb/collection.h"
#include "textlambda/mongodb/extended_json.h"

namespace textlambda::mongodb {

CopyCounts copy_documents(const CollectionName& name, const std::string& field, const std::string& model,
                          const std::function<void(std::string_view lines)>& write) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  std::string others;
  if (!model.empty()) {
    others = "{";
    json::append_string(others, field + ".model");
    others += ":{\"$ne\":";
    json::append_string(others, model);
    others += "}}";
  }
  CopyCounts counts;
  std::string lines;
  Collection(name).read(others, [&](const bson_t& document) {
    const ExtendedJson json = extended_json(document);
    counts.repaired += json.broken > 0 ? 1 : 0;
    ++counts.documents;
    lines.append(json.text).append("\n");
    if (lines.size() >= kBlock) {
      write(lines);
      lines.clear();
    }
    return true;
  });
  write(lines);
  return counts;
}

bool has_documents(const CollectionName& name) {
  bool found = false;
  Collection(name).read("", [&](const bson_t&) {
    found = true;
    return false;
  });
  return found;
}

}  // namespace textlambda::mongodb
