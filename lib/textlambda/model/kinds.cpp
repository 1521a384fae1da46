#include "textlambda/model/kinds.h"

#include <algorithm>
#include <vector>

namespace textlambda::model {
namespace {

template <typename Model>
Kind open(const Container& container, const Profile& profile) {
  return Model(container, profile);
}

constexpr KindRow kKinds[] = {
    {"linear", linear::kSections, open<linear::LinearModel>},
    {"linear, small weights left out", linear::kSparseSections, open<linear::LinearModel>},
};

}  // namespace

std::span<const KindRow> kinds() { return kKinds; }

Kind open_kind(const Container& container, const Profile& profile) {
  const std::vector<format::SectionKind> found = container.sections();
  for (const KindRow& row : kKinds) {
    if (std::equal(found.begin(), found.end(), row.sections.begin(), row.sections.end())) {
      return row.open(container, profile);
    }
  }
  container.fail("has a damaged section table: its sections are of no kind of model");
}

}  // namespace textlambda::model
