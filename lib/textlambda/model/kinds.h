// The kinds of model there are, a row each. A kind is a folder with its sections, their verification, their writer, how
// it classifies and how it explains; a file's list of sections tells which kind it holds.
//
// What a kind offers, as linear/linear_model.h does (`profile`: the model's own; text: ReadText):
//   logits(profile, text, out)         label_count logits, before the temperature; notes the text's n-grams in `text`
//   explain(profile, utf8, label)      an Explanation
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "textlambda/model/linear/linear_model.h"

namespace textlambda::model {

using Kind = std::variant<linear::LinearModel>;

struct KindRow {
  std::string_view name;
  std::span<const format::SectionKind> sections;  // of a file of this kind, by rising number
  Kind (*open)(const Container& container, const Profile& profile);
};

std::span<const KindRow> kinds();

// Throws Error(input_output) for sections of no kind, and as the kind does for what is damaged in them.
Kind open_kind(const Container& container, const Profile& profile);

}  // namespace textlambda::model
