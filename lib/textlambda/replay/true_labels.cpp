#include "textlambda/replay/true_labels.h"

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"
#include "textlambda/replay/excerpt.h"

namespace textlambda::replay {
namespace {

std::optional<std::string> label_of(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();  // as a corpus in JSON Lines is read
  return std::nullopt;
}

std::string fault_of(std::string_view json) {
  return "\"label\" is " + excerpt(json) + ", expected a string, or an array of a string or null for each record";
}

}  // namespace

const std::string* TrueLabels::of(std::size_t record) const {
  if (for_all) return &*for_all;
  return record < each.size() && each[record] ? &*each[record] : nullptr;
}

TrueLabels read_labels(std::string_view json) {
  TrueLabels labels;
  nlohmann::json value;
  if (!json::parse(json, 1, value)) {
    labels.fault = fault_of(json);
    return labels;
  }
  if (value.is_null()) return labels;
  if (!value.is_array()) {
    labels.for_all = label_of(value);
    if (!labels.for_all) labels.fault = fault_of(json);
    return labels;
  }
  for (const nlohmann::json& item : value) {
    labels.each.push_back(label_of(item));
    if (!labels.each.back() && !item.is_null()) labels.fault = fault_of(json);
  }
  return labels;
}

}  // namespace textlambda::replay
