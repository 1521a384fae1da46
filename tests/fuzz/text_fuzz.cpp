// Any bytes as a text: repaired to valid UTF-8, normalised, cut into tokens and n-grams, all within bounds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "textlambda/features/n_grams.h"
#include "textlambda/features/stop_words.h"
#include "textlambda/features/term_counter.h"
#include "textlambda/text/normaliser.h"
#include "textlambda/text/tokenizer.h"
#include "textlambda/text/utf8.h"

using namespace textlambda;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_utf8(std::string_view text) { return text::valid_utf8_prefix(text) == text.size(); }

void check_normalised(const text::NormalisedText& text) {
  require(text.size() >= 1 && text.data()[0] == ' ' && text.data()[text.size() - 1] == ' ');
  bool ascii = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char32_t code = text.data()[at];
    require(code < 0x110000 && (code < 0xD800 || code > 0xDFFF));
    require(code > ' ' || (code == ' ' && (at == 0 || text.data()[at - 1] != ' ')));
    ascii = ascii && code < 0x80;
  }
  require(text.is_ascii() == ascii);
}

void check_tokens(const text::NormalisedText& text) {
  std::size_t behind = 0;
  text::for_each_token(text.data(), text.size(), [&](std::size_t begin, std::size_t end) {
    require(begin >= behind && begin < end && end <= text.size());
    for (std::size_t at = behind; at < begin; ++at) {
      require(text::character_class(text.data()[at]) == text::CharacterClass::space);
    }
    behind = end;
  });
}

void check_n_grams(const text::NormalisedText& text, const features::FeatureOptions& options) {
  features::TermCounter counter;
  counter.reset(1);
  std::size_t visited = 0;
  features::for_each_word_n_gram(text, options, [&](std::uint64_t hash, const features::WordNGram& n_gram) {
    require(n_gram.negated ? n_gram.count == 1 && options.negation_scope > 0
                           : n_gram.count >= options.words.min && n_gram.count <= options.words.max);
    for (int i = 0; i < n_gram.count; ++i) {
      require(n_gram.first[i].begin < n_gram.first[i].end && n_gram.first[i].end <= text.size());
    }
    if (visited < 2000) require(is_utf8(features::word_n_gram_string(text, n_gram)));
    counter.add(static_cast<std::uint32_t>(hash >> 40));
    ++visited;
  });
  features::for_each_character_n_gram(text, options, [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
    require(begin < end && end <= text.size());
    require(end - begin >= static_cast<std::size_t>(options.characters.min));
    require(end - begin <= static_cast<std::size_t>(options.characters.max));
    if (visited < 4000) require(is_utf8(features::character_n_gram_string(text, begin, end)));
    counter.add(static_cast<std::uint32_t>(hash >> 40));
    ++visited;
  });
  std::size_t counted = 0;
  bool saturated = false;
  for (const auto& term : counter.terms()) {
    require(term.count >= 1 && term.count <= features::kMaxTermFrequency);
    saturated = saturated || term.count == features::kMaxTermFrequency;
    counted += term.count;
  }
  require(saturated ? counted <= visited : counted == visited);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  if (size < 3) return 0;
  // The first bytes choose the options.
  features::FeatureOptions options;
  options.normaliser.lower_case = (data[0] & 1) != 0;
  options.words.max = data[0] / 2 % (features::kMaxWordNGram + 1);
  options.words.min = options.words.max == 0 ? 0 : 1 + data[1] % options.words.max;
  options.characters.max = data[1] / 8 % (features::kMaxCharacterNGram + 1);
  options.characters.min = options.characters.max == 0 ? 0 : 1 + data[2] % options.characters.max;
  options.negation_scope = data[2] / 8 % (features::kMaxNegationScope + 1);
  if (data[2] >= 0x80) options.stop_words = features::hash_stop_words("a b the \xE7\x9A\x84", options.normaliser);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 3), size - 3);

  std::string buffer;
  const text::Utf8Repair repair = text::repair_utf8(bytes, buffer);
  require(is_utf8(repair.text));
  require(repair.repaired == !is_utf8(bytes));
  text::NormalisedText normalised;
  normalised.assign(repair.text, options.normaliser);
  check_normalised(normalised);
  check_tokens(normalised);
  if (features::find_flaw(options) == nullptr) check_n_grams(normalised, options);
  // A second time over what the first left behind.
  const std::u32string first(normalised.data(), normalised.size());
  normalised.assign(repair.text, options.normaliser);
  require(first == std::u32string_view(normalised.data(), normalised.size()));
  return 0;
}
