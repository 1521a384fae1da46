#include "textlambda/replay/true_labels.h"

#include <nlohmann/json.hpp>

#include "textlambda/recording/json_span.h"

namespace textlambda::replay {
namespace {

std::optional<std::string> label_of(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

}  // namespace

const std::string* TrueLabels::of(std::size_t record) const {
  if (for_all) return &*for_all;
  return record < each.size() && each[record] ? &*each[record] : nullptr;
}

TrueLabels read_labels(std::string_view json) {
  constexpr const char* kFault = "\"label\" is neither a string nor an array of strings and nulls";
  TrueLabels labels;
  if (recording::nesting_depth(json) > 1) {
    labels.fault = kFault;
    return labels;
  }
  const nlohmann::json value = nlohmann::json::parse(json, nullptr, false);
  if (value.is_null()) return labels;
  if (!value.is_array()) {
    labels.for_all = label_of(value);
    if (!labels.for_all) labels.fault = kFault;
    return labels;
  }
  for (const nlohmann::json& item : value) {
    labels.each.push_back(label_of(item));
    if (!labels.each.back() && !item.is_null()) labels.fault = kFault;
  }
  return labels;
}

}  // namespace textlambda::replay
