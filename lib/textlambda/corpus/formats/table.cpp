// The formats, a row each. What a format is stands in its file.
#include <algorithm>
#include <array>

#include "textlambda/corpus/formats/format.h"

namespace textlambda::corpus {

extern const Format kJsonArray;
extern const Format kJsonLines;
extern const Format kTsv;
extern const Format kCsv;
extern const Format kFastText;
extern const Format kLines;

namespace {

constexpr std::array kTable = {
    &kJsonArray,  //
    &kJsonLines,  //
    &kTsv,        //
    &kCsv,        //
    &kFastText,   //
    &kLines,      //
};

template <typename Predicate>
const Format* find_row(const Predicate& predicate) {
  const auto found = std::find_if(kTable.begin(), kTable.end(), predicate);
  return found == kTable.end() ? nullptr : *found;
}

}  // namespace

std::span<const Format* const> formats() { return kTable; }

const Format* find_format(std::string_view name) {
  return find_row([&](const Format* format) { return format->name == name; });
}

const Format* format_of_ending(std::string_view ending) {
  return find_row([&](const Format* format) {
    return std::find(format->endings.begin(), format->endings.end(), ending) != format->endings.end();
  });
}

std::string format_names(std::string_view automatic) {
  std::string names(automatic);
  for (const Format* format : kTable) {
    names += format == kTable.back() ? " or " : ", ";
    names += format->name;
  }
  return names;
}

}  // namespace textlambda::corpus
