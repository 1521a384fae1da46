// The label of a recording: what its texts really are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::replay {

struct TrueLabels {
  // One that holds for every record of the event, or one for each; empty where nothing is known.
  std::optional<std::string> for_all;
  std::vector<std::optional<std::string>> each;
  // Why the recording's "label" cannot be used, in one line.
  std::string fault;

  bool known() const { return for_all || !each.empty(); }
  // Of the record at this position; nothing where it is unknown.
  const std::string* of(std::size_t record) const;
};

// Reads "label": a string, number or boolean, an array of these and nulls, or null for none.
TrueLabels read_labels(std::string_view json);

}  // namespace textlambda::replay
