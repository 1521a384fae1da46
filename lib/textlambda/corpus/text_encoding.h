// Encodings other than UTF-8: their names, their bytes turned into UTF-8 piece by piece (by iconv of the C library),
// and a guess at the one that bytes are in. A guess is for messages: nothing is read by it that nobody asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace textlambda::corpus {

// What an input is read in where nothing is said: UTF-8, or what a byte order mark says.
inline constexpr std::string_view kAutomaticEncoding = "auto";
inline constexpr std::string_view kUtf8Encoding = "utf-8";

// `name` in lower case and in its usual spelling: "utf-8" of "UTF8", "gb18030" of "GBK", "windows-1252" of "cp1252".
// Throws Error(usage) where there is no such encoding.
std::string checked_encoding(const std::string& name);

// "utf-16le", … where the bytes start with the byte order mark of UTF-16 or UTF-32; empty otherwise.
std::string marked_encoding(std::string_view start);

// "utf-16le" or "utf-16be" where text without a mark has a NUL in every other byte; empty otherwise.
std::string unmarked_utf16(std::string_view start);

// Turns the bytes of one input into UTF-8, in pieces cut anywhere. Not thread-safe.
class Decoder {
 public:
  enum class OnInvalid {
    stop,  // Error(input_output) with file, line and byte
    mark,  // a byte 0xFF, which is no UTF-8 either, takes its place: to be treated like broken UTF-8
  };

  // `encoding`: as checked_encoding gives it; utf-16 without an order takes that of the first bytes. Throws
  // Error(input_output) where the C library lacks it.
  Decoder(const std::string& encoding, std::string file, OnInvalid on_invalid);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  // Appends to `utf8`. The first bytes of a character that goes on are kept for the next call.
  void decode(std::string_view bytes, std::string& utf8);
  // After the last piece: what is kept ends inside a character.
  void finish(std::string& utf8);

 private:
  void open(std::string_view start);
  void refuse(std::string_view at, std::string& utf8);

  std::string encoding_;
  std::string file_;
  OnInvalid on_invalid_;
  void* converter_ = nullptr;  // iconv_t
  std::string kept_;
  std::uint64_t line_ = 1;
};

// The encoding in which these bytes, which are no UTF-8, make most sense; empty where none does. Each candidate is
// decoded and scored by the share of its characters beyond ASCII that belong to the usual letters of one language
// written in it (of Chinese, Japanese and Korean: to the usual rows of its table).
std::string likely_encoding(std::string_view bytes);

}  // namespace textlambda::corpus
