#include "textlambda/corpus/text_encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"

namespace textlambda::corpus {
namespace {

using std::string_view_literals::operator""sv;
using Spelling = std::pair<std::string_view, std::string_view>;

iconv_t no_converter() { return reinterpret_cast<iconv_t>(-1); }  // what iconv_open gives where it fails

// Other names for what is called otherwise here; without '-' and '_', in lower case. A code page that Windows uses
// under the name of a standard takes the standard's place: it has all of the standard's characters.
constexpr std::array kSpellings = std::to_array<Spelling>({
    {"utf8", "utf-8"},        {"utf8sig", "utf-8"},      {"utf16", "utf-16"},         {"utf16le", "utf-16le"},
    {"utf16be", "utf-16be"},  {"utf32", "utf-32"},       {"utf32le", "utf-32le"},     {"utf32be", "utf-32be"},
    {"gbk", "gb18030"},       {"gb2312", "gb18030"},     {"cp936", "gb18030"},        {"gb18030", "gb18030"},
    {"big5", "big5"},         {"cp950", "big5"},         {"big5hkscs", "big5"},       {"shiftjis", "shift_jis"},
    {"sjis", "shift_jis"},    {"cp932", "shift_jis"},    {"windows31j", "shift_jis"}, {"eucjp", "euc-jp"},
    {"euckr", "euc-kr"},      {"cp949", "euc-kr"},       {"uhc", "euc-kr"},           {"latin1", "iso-8859-1"},
    {"latin2", "iso-8859-2"}, {"latin9", "iso-8859-15"}, {"macroman", "macintosh"},
});

// What iconv calls them where that is not the name used here.
constexpr std::array kConverterNames = std::to_array<Spelling>({
    {"big5", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},
    {"euc-kr", "CP949"},
});

std::string lower(std::string_view name) {
  std::string result(name);
  for (char& byte : result) byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  return result;
}

std::string usual_spelling(const std::string& name) {
  const std::string lower_case = lower(name);
  std::string plain = lower_case;
  std::erase_if(plain, [](char byte) { return byte == '-' || byte == '_' || byte == ' '; });
  const auto* const found = std::find_if(kSpellings.begin(), kSpellings.end(),
                                         [&](const Spelling& spelling) { return spelling.first == plain; });
  if (found != kSpellings.end()) return std::string(found->second);
  const std::string_view rest = plain;
  for (const std::string_view start : {"windows125"sv, "cp125"sv}) {
    if (rest.starts_with(start) && rest.size() == start.size() + 1) return "windows-125" + plain.substr(start.size());
  }
  if (rest.starts_with("iso8859") && rest.size() > 7) return "iso-8859-" + plain.substr(7);
  return lower_case;
}

iconv_t open_converter(const std::string& encoding) {
  const auto* const found = std::find_if(kConverterNames.begin(), kConverterNames.end(),
                                         [&](const Spelling& name) { return name.first == encoding; });
  const std::string name(found == kConverterNames.end() ? std::string_view(encoding) : found->second);
  return ::iconv_open("UTF-8", name.c_str());
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = bytes.size() == 1 ? "byte 0x" : "bytes 0x";
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 0xFU];
  }
  return text;
}

// What is invalid is passed over in such steps.
std::size_t unit_of(std::string_view encoding) {
  return encoding.starts_with("utf-16") ? 2 : encoding.starts_with("utf-32") ? 4 : 1;
}

}  // namespace

std::string checked_encoding(const std::string& name) {
  if (name.empty() || lower(name) == kAutomaticEncoding) return std::string(kAutomaticEncoding);
  const std::string encoding = usual_spelling(name);
  // A name, not a wish ("…//IGNORE") to drop what cannot be read.
  const bool is_name = encoding.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:") == std::string::npos;
  const iconv_t converter = is_name ? open_converter(encoding) : no_converter();
  if (converter == no_converter()) {
    io::throw_usage("unknown encoding " + in_quotes(name) +
                    ", expected auto, utf-8, utf-16, gb18030, big5, shift_jis, euc-jp, euc-kr, windows-1252, "
                    "iso-8859-15 or another that `iconv -l` names");
  }
  ::iconv_close(converter);
  return encoding;
}

std::string marked_encoding(std::string_view start) {
  if (start.starts_with("\xFF\xFE\0\0"sv)) return "utf-32le";
  if (start.starts_with("\0\0\xFE\xFF"sv)) return "utf-32be";
  if (start.starts_with("\xFF\xFE"sv)) return "utf-16le";
  if (start.starts_with("\xFE\xFF"sv)) return "utf-16be";
  return "";
}

std::string unmarked_utf16(std::string_view start) {
  std::array<std::size_t, 2> nuls = {0, 0};
  for (std::size_t index = 0; index < start.size(); ++index) {
    if (start[index] == '\0') ++nuls[index % 2];
  }
  const std::size_t most = std::max(nuls[0], nuls[1]);
  const std::size_t least = std::min(nuls[0], nuls[1]);
  if (4 * most <= start.size() || 10 * least >= most) return "";
  return nuls[0] > nuls[1] ? "utf-16be" : "utf-16le";
}

Decoder::Decoder(const std::string& encoding, std::string file, OnInvalid on_invalid)
    : encoding_(encoding), file_(std::move(file)), on_invalid_(on_invalid) {}

Decoder::~Decoder() {
  if (converter_ != nullptr) ::iconv_close(converter_);
}

void Decoder::open(std::string_view start) {
  if (encoding_ == "utf-16" || encoding_ == "utf-32") {
    const std::string marked = marked_encoding(start);
    const std::string unmarked = unmarked_utf16(start.substr(0, 8000));
    if (marked.starts_with(encoding_)) {
      encoding_ = marked;
    } else {
      encoding_ += encoding_ == "utf-16" && unmarked == "utf-16be" ? "be" : "le";
    }
  }
  const iconv_t converter = open_converter(encoding_);
  if (converter == no_converter()) {
    io::throw_input("cannot be read in " + encoding_ + ": the C library's table of it is missing", file_);
  }
  converter_ = converter;
}

void Decoder::refuse(std::string_view at, std::string& utf8) {
  if (on_invalid_ == OnInvalid::stop) io::throw_input(hexadecimal(at) + " not valid in " + encoding_, file_, line_);
  utf8 += '\xFF';
}

void Decoder::decode(std::string_view bytes, std::string& utf8) {
  if (converter_ == nullptr) open(bytes);
  std::string joined;
  if (!kept_.empty()) {
    joined = std::exchange(kept_, {});
    joined += bytes;
    bytes = joined;
  }
  std::array<char, std::size_t{1} << 15> buffer{};
  char* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  std::size_t left = bytes.size();
  while (left > 0) {
    char* out = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result = ::iconv(converter_, &in, &left, &out, &room);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    utf8.append(buffer.data(), out);
    line_ += static_cast<std::uint64_t>(std::count(buffer.data(), out, '\n'));
    if (error == EINVAL) {
      kept_.assign(in, left);
      return;
    }
    if (error != EILSEQ) continue;
    const std::size_t unit = std::min(unit_of(encoding_), left);
    refuse({in, unit}, utf8);
    in += unit;
    left -= unit;
  }
}

void Decoder::finish(std::string& utf8) {
  if (!kept_.empty()) refuse(kept_, utf8);
  kept_.clear();
}

}  // namespace textlambda::corpus
