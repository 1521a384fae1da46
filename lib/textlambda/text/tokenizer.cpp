#include "textlambda/text/tokenizer.h"

#include <utf8proc.h>

namespace textlambda::text {

CharacterClass wide_character_class(char32_t code) {
  // Thai, Lao, Myanmar, Khmer; kana and Bopomofo; Han with its extensions; half-width kana.
  if ((code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x0E00 && code <= 0x0EFF) || (code >= 0x1000 && code <= 0x109F) ||
      (code >= 0x1780 && code <= 0x17FF) || (code >= 0x3041 && code <= 0x30FA) || (code >= 0x30FC && code <= 0x312F) ||
      (code >= 0x31F0 && code <= 0x31FF) || (code >= 0x3400 && code <= 0x4DBF) || (code >= 0xF900 && code <= 0xFAFF) ||
      (code >= 0xFF66 && code <= 0xFF9F) || (code >= 0x20000 && code <= 0x3FFFD)) {
    return CharacterClass::ideograph;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterClass::word;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharacterClass::space;
    default:
      return CharacterClass::punctuation;
  }
}

}  // namespace textlambda::text
