// Cuts a normalised text into tokens: runs of letters and digits (with the marks that belong to them); each ideograph,
// kana or letter of a script written without spaces on its own; each run of one repeated punctuation character.
// Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstddef>

namespace textlambda::text {

enum class CharacterClass : unsigned char {
  space,
  word,         // letters, digits and marks
  ideograph,    // a script written without spaces between words: each character is a token
  punctuation,  // everything else
};

namespace detail {

constexpr std::array<CharacterClass, 128> make_ascii_classes() {
  std::array<CharacterClass, 128> classes{};
  for (unsigned code = 0; code < 128; ++code) {
    const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
    classes[code] = letter ? CharacterClass::word : code <= ' ' ? CharacterClass::space : CharacterClass::punctuation;
  }
  return classes;
}

inline constexpr std::array<CharacterClass, 128> kAsciiClasses = make_ascii_classes();

}  // namespace detail

// The class of a code point above U+007F.
CharacterClass wide_character_class(char32_t code_point);

inline CharacterClass character_class(char32_t code_point) {
  return code_point < 0x80 ? detail::kAsciiClasses[code_point] : wide_character_class(code_point);
}

// A Chinese character, as Chinese, Japanese and Korean write them.
inline bool is_han(char32_t code) {
  return (code >= 0x3400 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0x20000 && code <= 0x3FFFD);
}

// Calls visit(begin, end) for each token, offsets in code points, in order.
template <typename Visit>
void for_each_token(const char32_t* text, std::size_t size, Visit&& visit) {
  std::size_t position = 0;
  while (position < size) {
    const CharacterClass kind = character_class(text[position]);
    std::size_t end = position + 1;
    if (kind == CharacterClass::space) {
      position = end;
      continue;
    }
    if (kind == CharacterClass::word) {
      while (end < size && character_class(text[end]) == CharacterClass::word) ++end;
    } else if (kind == CharacterClass::punctuation) {
      while (end < size && text[end] == text[position]) ++end;
    }
    visit(position, end);
    position = end;
  }
}

}  // namespace textlambda::text
