// The numbers of docs/model-format.md, read from the page itself.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/model/format.h"

#include "tests/catch.h"
#include "tests/source_folder.h"

using namespace textlambda;

namespace {

std::string hash_digits(std::uint64_t value) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llX", static_cast<unsigned long long>(value));
  return digits;
}

text::NormalisedText normalise(std::string text) {
  for (std::size_t at = 0; (at = text.find("␣")) != std::string::npos;) text.replace(at, 3, " ");
  text::NormalisedText normalised;
  normalised.assign(text, {});
  return normalised;
}

std::string token_hash(const std::string& token) {
  const text::NormalisedText text = normalise(token);  // a space at either end
  return hash_digits(features::hash_token(text.data() + 1, text.data() + text.size() - 1));
}

// A negated one in a text of a negator and its word.
std::string word_hash(const std::string& wanted) {
  const bool negated = wanted.starts_with("NOT_");
  const text::NormalisedText text = normalise(negated ? "not " + wanted.substr(4) : wanted);
  features::FeatureOptions options;
  options.words = {1, features::kMaxWordNGram};
  options.negation_scope = 1;
  std::string found = "no such n-gram";
  features::for_each_word_n_gram(text, options, [&](std::uint64_t hash, const features::WordNGram& n_gram) {
    if (features::word_n_gram_string(text, n_gram) == wanted) found = hash_digits(hash);
  });
  return found;
}

std::string character_hash(const std::string& n_gram) {
  const text::NormalisedText text = normalise(n_gram);
  features::FeatureOptions options;
  options.characters = {1, features::kMaxCharacterNGram};
  std::string found = "no such n-gram";
  features::for_each_character_n_gram(text, options, [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
    if (features::character_n_gram_string(text, begin, end) == n_gram) found = hash_digits(hash);
  });
  return found;
}

// What stands between the `count`th pair of backticks, from 0.
std::string quoted(const std::string& line, int count) {
  std::size_t begin = line.find('`');
  for (; count > 0; --count) begin = line.find('`', line.find('`', begin + 1) + 1);
  return line.substr(begin + 1, line.find('`', begin + 1) - begin - 1);
}

}  // namespace

TEST_CASE("The hashes on the format's page") {
  struct Kind {
    std::string row;
    std::string (*hash)(const std::string&);
  };
  const std::vector<Kind> kinds{
      {"| token | `", token_hash}, {"| word n-gram | `", word_hash}, {"| character n-gram | `", character_hash}};
  std::ifstream page(in_source_folder("docs/model-format.md"));
  int rows = 0;
  for (std::string line; std::getline(page, line);) {
    for (const Kind& kind : kinds) {
      if (!line.starts_with(kind.row)) continue;
      CAPTURE(line);
      CHECK(kind.hash(quoted(line, 0)) == quoted(line, 1));
      ++rows;
    }
  }
  CHECK(rows == 19);
}
