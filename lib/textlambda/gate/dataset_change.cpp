#include "textlambda/gate/dataset_change.h"

#include <algorithm>
#include <vector>

#include "textlambda/text/count.h"

namespace textlambda::gate {
namespace {

constexpr std::size_t kNamed = 3;

std::string quoted(const std::string& label) {
  return "\"" + (label.size() > 40 ? label.substr(0, 40) + "…" : label) + "\"";
}

std::string examples(const std::vector<ChangedRow>& rows, bool labels) {
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kNamed); ++i) {
    text += (i == 0 ? ", at " : ", ") + rows[i].location.file + ":" + std::to_string(rows[i].location.line);
    if (labels) text += " " + quoted(rows[i].label_before) + " → " + quoted(rows[i].label_after);
  }
  return text + (rows.size() > kNamed ? ", …" : "");
}

}  // namespace

std::string describe(const DatasetChange& change) {
  std::vector<std::string> parts;
  if (change.added > 0) {
    std::string part = text::counted(change.added, "row") + " added";
    if (change.repeated > 0) {
      part += change.repeated == change.added ? " (repeating what is there)"
                                              : " (" + std::to_string(change.repeated) + " repeating what is there)";
    }
    parts.push_back(part + examples(change.added_rows, false));
  }
  if (change.removed > 0)
    parts.push_back(text::counted(change.removed, "row") + " removed" + examples(change.removed_rows, false));
  if (change.relabelled > 0) {
    parts.push_back(text::counted(change.relabelled, "row") + " relabelled" + examples(change.relabelled_rows, true));
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace textlambda::gate
