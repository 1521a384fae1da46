// likely_encoding(): a score a candidate, the best one counts.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "textlambda/corpus/text_encoding.h"
#include "textlambda/io/error.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

// Below it a guess would be noise.
constexpr double kLeastScore = 0.6;

// A language written in letters, in an encoding of a byte a character.
struct Alphabet {
  std::string_view encoding;
  std::string_view small;    // letters beyond ASCII
  std::string_view capital;  // count less: text is mostly small letters, and KOI8 has them where others have capitals
};

// Its rare letters are the commonest ones of Hebrew in its encoding: they count as capitals do.
constexpr std::string_view kRussian = "абвгдежзийклмнопрстухчыьюя";
constexpr std::string_view kRussianCapital = "ёфцшщъэАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
constexpr std::string_view kUkrainian = "абвгдеєжзиіїйклмнопрстухчьюя";
constexpr std::string_view kUkrainianCapital = "ґфцшщАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ";
constexpr std::string_view kPolish = "ąćęłńóśźż";
constexpr std::string_view kPolishCapital = "ĄĆĘŁŃÓŚŹŻ";
constexpr std::string_view kCzech = "áčďéěíňóřšťúůýž";
constexpr std::string_view kCzechCapital = "ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ";
constexpr std::string_view kHungarian = "áéíóöőúüű";
constexpr std::string_view kHungarianCapital = "ÁÉÍÓÖŐÚÜŰ";
constexpr std::string_view kGreek = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ";
constexpr std::string_view kGreekCapital = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ";

// Of equals the first one counts: the commonest encodings stand in front.
constexpr std::array kAlphabets = std::to_array<Alphabet>({
    {"windows-1252", "äöüß", "ÄÖÜ"},
    {"windows-1252", "àâæçéèêëîïôœùûüÿ", "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜ"},
    {"windows-1252", "áéíñóúü¿¡ºª", "ÁÉÍÑÓÚÜ"},
    {"windows-1252", "ãáàâçéêíóôõúª", "ÃÁÀÂÇÉÊÍÓÔÕÚ"},
    {"windows-1252", "àèéìòù", "ÀÈÉÌÒÙ"},
    {"windows-1252", "åäöæøé", "ÅÄÖÆØÉ"},
    {"windows-1252", "áðéíóúýþæö", "ÁÐÉÍÓÚÝÞÆÖ"},
    {"windows-1252", "éëïüöèáóê", "ÉËÏ"},
    {"windows-1250", kPolish, kPolishCapital},
    {"windows-1250", kCzech, kCzechCapital},
    {"windows-1250", "áäčďéíĺľňóôŕšťúýž", "ÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"},
    {"windows-1250", kHungarian, kHungarianCapital},
    {"windows-1250", "ăâîşţ", "ĂÂÎŞŢ"},
    {"windows-1250", "čćđšž", "ČĆĐŠŽ"},
    {"iso-8859-2", kPolish, kPolishCapital},
    {"iso-8859-2", kCzech, kCzechCapital},
    {"iso-8859-2", kHungarian, kHungarianCapital},
    {"windows-1254", "çğıöşüâîû", "ÇĞİÖŞÜ"},
    {"windows-1257", "ąčęėįšųūž", "ĄČĘĖĮŠŲŪŽ"},
    {"windows-1257", "āčēģīķļņšūž", "ĀČĒĢĪĶĻŅŠŪŽ"},
    {"windows-1257", "õäöüšž", "ÕÄÖÜŠŽ"},
    {"windows-1251", kRussian, kRussianCapital},
    {"windows-1251", kUkrainian, kUkrainianCapital},
    {"koi8-r", kRussian, kRussianCapital},
    {"koi8-u", kUkrainian, kUkrainianCapital},
    {"iso-8859-5", kRussian, kRussianCapital},
    {"ibm866", kRussian, kRussianCapital},
    {"windows-1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", ""},
    {"windows-1253", kGreek, kGreekCapital},
    {"iso-8859-7", kGreek, kGreekCapital},
    {"windows-1256", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ", ""},
    {"windows-874", "กขคงจชซญดตถทธนบปผพฟภมยรลวศษสหอะัาำิีึืุูเแโใไ็่้์", ""},
});

// Belongs to every language.
constexpr std::string_view kTypographic = "“”‘’„‚«»–—…•€£§°©®™№·\u00A0";

bool contains(std::string_view letters, char32_t wanted) {
  for (std::size_t position = 0; position < letters.size();) {
    if (text::next_code_point(letters, position) == wanted) return true;
  }
  return false;
}

double score(const Alphabet& alphabet, std::string_view utf8) {
  double points = 0;
  std::size_t total = 0;
  for (std::size_t position = 0; position < utf8.size();) {
    const char32_t code = text::next_code_point(utf8, position);
    if (code < 0x80) continue;
    ++total;
    if (contains(alphabet.small, code)) {
      points += 1;
    } else if (contains(alphabet.capital, code) || contains(kTypographic, code)) {
      points += 0.65;
    }
  }
  return total == 0 ? 0 : points / static_cast<double>(total);
}

struct Tally {
  std::size_t total = 0;
  std::size_t usual = 0;  // in the rows of the table that everyday text is made of
  std::size_t kana = 0;

  // Japanese is hardly written without kana; a few bytes of anything else may pass for its ideographs.
  double japanese() const { return 6 * kana >= total ? share() : 0.3 * share(); }
  double share() const { return total == 0 ? 0 : static_cast<double>(usual) / static_cast<double>(total); }
};

bool within(unsigned char byte, unsigned char first, unsigned char last) { return byte >= first && byte <= last; }

// Calls visit(lead, trail) for what two bytes make a character, with a trail of 0 for a lead that stands alone.
template <typename Visit>
void for_each_pair(std::string_view bytes, unsigned char least_trail, const Visit& visit) {
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    const auto lead = static_cast<unsigned char>(bytes[position]);
    if (lead < 0x80) continue;
    const auto trail = position + 1 < bytes.size() ? static_cast<unsigned char>(bytes[position + 1]) : 0;
    const bool paired = trail >= least_trail;
    visit(lead, paired ? static_cast<unsigned char>(trail) : 0);
    if (paired) ++position;
  }
}

double score_euc(std::string_view bytes, unsigned char first_row, unsigned char last_row, bool japanese) {
  Tally tally;
  for_each_pair(bytes, japanese ? 0xA1 : 0x41, [&](unsigned char lead, unsigned char trail) {
    ++tally.total;
    if (trail < 0xA1) return;
    const bool kana = japanese && (lead == 0xA4 || lead == 0xA5);
    if (kana) ++tally.kana;
    if (kana || within(lead, 0xA1, 0xA3) || within(lead, first_row, last_row)) ++tally.usual;
  });
  return japanese ? tally.japanese() : tally.share();
}

double score_big5(std::string_view bytes) {
  Tally tally;
  for_each_pair(bytes, 0x40, [&](unsigned char lead, unsigned char trail) {
    ++tally.total;
    if (within(lead, 0xA1, 0xC6) && (within(trail, 0x40, 0x7E) || trail >= 0xA1)) ++tally.usual;
  });
  return tally.share();
}

double score_shift_jis(std::string_view bytes) {
  Tally tally;
  for_each_pair(bytes, 0x40, [&](unsigned char lead, unsigned char trail) {
    ++tally.total;
    const bool kana = (lead == 0x82 && within(trail, 0x9F, 0xF1)) || (lead == 0x83 && within(trail, 0x40, 0x96));
    if (kana) ++tally.kana;
    if (kana || lead == 0x81 || lead == 0x82 || within(lead, 0x88, 0x97)) ++tally.usual;
  });
  return tally.japanese();
}

std::string decoded(std::string_view bytes, std::string_view encoding) {
  std::string utf8;
  try {
    Decoder decoder(std::string(encoding), "", Decoder::OnInvalid::mark);
    decoder.decode(bytes, utf8);
  } catch (const io::Error&) {
    return "";  // a C library without this table: no candidate
  }
  std::string buffer;
  return std::string(text::repair_utf8(utf8, buffer).text);
}

// Whether more of what is beyond ASCII is UTF-8 than is not.
bool is_mostly_utf8(std::string_view bytes) {
  std::size_t good = 0;
  std::size_t bad = 0;
  while (!bytes.empty()) {
    const std::size_t valid = text::valid_utf8_prefix(bytes);
    for (const char byte : bytes.substr(0, valid)) good += static_cast<unsigned char>(byte) >= 0xC0 ? 1U : 0U;
    bytes.remove_prefix(valid);
    if (bytes.empty()) break;
    ++bad;
    bytes.remove_prefix(1);
  }
  return good > bad;
}

}  // namespace

std::string likely_encoding(std::string_view bytes) {
  constexpr std::size_t kEnough = std::size_t{16} << 10;
  bytes = bytes.substr(0, kEnough);
  if (is_mostly_utf8(bytes)) return std::string(kUtf8Encoding);
  std::string best;
  double best_score = kLeastScore;
  const auto consider = [&](std::string_view encoding, double its_score) {
    if (its_score <= best_score) return;
    best = encoding;
    best_score = its_score;
  };
  // The rows of hangul are part of those of common ideographs: they are asked first.
  consider("euc-kr", 0.99 * score_euc(bytes, 0xB0, 0xC8, false));
  consider("euc-jp", 0.98 * score_euc(bytes, 0xB0, 0xCF, true));
  consider("shift_jis", 0.98 * score_shift_jis(bytes));
  consider("gb18030", 0.98 * score_euc(bytes, 0xB0, 0xD7, false));
  consider("big5", 0.97 * score_big5(bytes));
  std::string_view encoding;
  std::string utf8;
  for (const Alphabet& alphabet : kAlphabets) {
    if (alphabet.encoding != encoding) utf8 = decoded(bytes, alphabet.encoding);
    encoding = alphabet.encoding;
    consider(encoding, score(alphabet, utf8));
  }
  return best;
}

}  // namespace textlambda::corpus
