#include <array>
#include <utility>

#include "textlambda/corpus/corpus.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 6> kNames = {{{"automatic", Format::automatic},
                                                                        {"fasttext", Format::fasttext},
                                                                        {"csv", Format::csv},
                                                                        {"tsv", Format::tsv},
                                                                        {"jsonl", Format::jsonl},
                                                                        {"lines", Format::lines}}};

}  // namespace

std::string_view format_name(Format format) {
  for (const auto& [name, value] : kNames) {
    if (value == format) return name;
  }
  return "unknown";
}

Format parse_format(std::string_view name) {
  if (name == "auto") return Format::automatic;
  for (const auto& [known, value] : kNames) {
    if (known == name) return value;
  }
  io::throw_usage("unknown corpus format " + in_quotes(name) +
                  ", expected automatic, fasttext, csv, tsv, jsonl or lines");
}

}  // namespace textlambda::corpus
