// Brings a text into the one form that features are taken from, in training and in serving alike: lower-case letters
// (simple case mapping of the Unicode Character Database), full-width ASCII folded to plain ASCII, combining marks
// composed with their letter (NFC), invisible format characters dropped, each run of white space one space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::text {

struct NormaliserOptions {
  // False keeps upper case apart from lower case: worth a try where case carries meaning (part numbers, names).
  bool lower_case = true;
};

// A normalised text as code points. It starts and ends with one space; a text without any visible character is a single
// space. assign() keeps its memory, so a reused object allocates nothing once warm. Not thread-safe.
class NormalisedText {
 public:
  // `utf8` must be valid UTF-8 (see repair_utf8).
  void assign(std::string_view utf8, const NormaliserOptions& options);

  const char32_t* data() const { return code_points_.data(); }
  std::size_t size() const { return size_; }
  // True where every code point is below U+0080.
  bool is_ascii() const { return ascii_; }

 private:
  // Returns false where a combining mark asks for composition first.
  bool append(std::string_view utf8, const NormaliserOptions& options, bool composed);
  // Leaves the text's NFC in composed_.
  void compose(std::string_view utf8);

  std::vector<char32_t> code_points_;  // grown, never shrunk: the first size_ are the text
  std::size_t size_ = 0;
  bool ascii_ = true;
  // Used only for texts with combining marks.
  std::vector<std::int32_t> decomposed_;
  std::string composed_;
};

}  // namespace textlambda::text
