#include "tests/topics/made_texts.h"

#include <utility>

#include "textlambda/train/counter_random.h"

namespace textlambda::topics {
namespace {

// "azo", "azu", "bzo" …: 30 words of a kind.
std::string word(char kind, std::uint64_t number) {
  const std::string_view consonants = "bdfgklmnprstvxz";
  return std::string(1, kind) + consonants[number / 2 % consonants.size()] + (number % 2 == 0 ? "on" : "ul");
}

}  // namespace

std::vector<corpus::MemoryRow> made_rows(std::size_t count, std::size_t topics, std::uint64_t seed) {
  const train::CounterRandom random(seed, 7);
  std::vector<corpus::MemoryRow> rows;
  std::uint64_t counter = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char kind = static_cast<char>('a' + static_cast<char>(i % topics));
    std::string text;
    for (int n = 0; n < 9; ++n) text += word(n < 5 ? kind : 'z', random.below(counter++, 30)) + " ";
    rows.push_back({text, std::string(1, kind), {}});
  }
  return rows;
}

corpus::MemorySource source_of(std::vector<corpus::MemoryRow> rows, std::size_t rows_per_partition) {
  corpus::CorpusOptions options;
  options.need_label = false;
  return corpus::MemorySource(std::move(rows), options, "made", rows_per_partition);
}

corpus::MemorySource source_of(const std::vector<std::string>& texts) {
  std::vector<corpus::MemoryRow> rows;
  rows.reserve(texts.size());
  for (const std::string& text : texts) rows.push_back({text, "", {}});
  return source_of(std::move(rows));
}

}  // namespace textlambda::topics
