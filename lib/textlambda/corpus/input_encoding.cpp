#include "textlambda/corpus/input_encoding.h"

#include <algorithm>
#include <utility>

#include "textlambda/archive/decompress.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/text_encoding.h"
#include "textlambda/corpus/utf8_check.h"
#include "textlambda/io/error.h"
#include "textlambda/text/count.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kUnitBytes = 256;  // a longer line counts as several
constexpr std::uint64_t kUnitsABrokenOne = 100;
constexpr std::size_t kBrokenKept = std::size_t{16} << 10;

struct BrokenLines {
  std::uint64_t units = 0;
  std::uint64_t broken_units = 0;
  std::uint64_t lines = 0;
  std::uint64_t broken_lines = 0;
  std::uint64_t first_line = 0;  // from 1
  std::string bytes;             // the first of the broken ones
};

std::uint64_t broken_places(std::string_view line) {
  std::uint64_t places = 0;
  while (!line.empty()) {
    line.remove_prefix(text::valid_utf8_prefix(line));
    if (line.empty()) break;
    ++places;
    line.remove_prefix(1);
  }
  return places;
}

void look_at_lines(std::string_view block, BrokenLines& found) {
  LineCursor cursor(block, '\n');
  std::string_view line;
  while (cursor.next(line)) {
    const std::uint64_t units = 1 + line.size() / kUnitBytes;
    const std::uint64_t places = broken_places(line);
    ++found.lines;
    found.units += units;
    found.broken_units += std::min(units, places);
    if (places == 0) continue;
    if (found.broken_lines++ == 0) found.first_line = found.lines;
    if (found.bytes.size() < kBrokenKept) found.bytes.append(line.substr(0, kBrokenKept)) += '\n';
  }
}

// The next block of whole lines, where lines are shorter than that.
std::string_view block_at(std::string_view bytes, std::size_t begin) {
  const std::string_view block = bytes.substr(begin, kBlockBytes);
  if (begin + block.size() == bytes.size()) return block;
  const std::size_t end = block.find_last_of('\n');
  if (end != std::string_view::npos) return block.substr(0, end + 1);
  const std::size_t later = bytes.find('\n', begin + block.size());
  return bytes.substr(begin, later == std::string_view::npos ? later : later + 1 - begin);
}

template <typename Visit>
void for_each_block(const archive::InputBytes& input, const Visit& visit) {
  const std::string_view bytes = input.view();
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::string_view block = block_at(bytes, begin);
    if (!visit(block)) return;
    input.release(begin, block.size());
    begin += block.size();
  }
}

bool is_utf8(const archive::InputBytes& input) {
  bool valid = true;
  for_each_block(input, [&](std::string_view block) { return valid = is_valid_utf8(block); });
  return valid;
}

BrokenLines find_broken_lines(const archive::InputBytes& input) {
  BrokenLines found;
  for_each_block(input, [&](std::string_view block) {
    if (!is_valid_utf8(block)) {
      look_at_lines(block, found);
      return true;
    }
    const auto lines = static_cast<std::uint64_t>(std::count(block.begin(), block.end(), '\n'));
    found.lines += lines;
    found.units += std::max(lines, static_cast<std::uint64_t>(block.size() / kUnitBytes));
    return true;
  });
  return found;
}

archive::InputBytes converted(const archive::InputBytes& input, const std::string& encoding,
                              const CorpusOptions& options) {
  const bool stop = options.on_bad_row == OnBadRow::stop;
  Decoder decoder(encoding, input.name(), stop ? Decoder::OnInvalid::stop : Decoder::OnInvalid::mark);
  archive::Spool spool(input.name());
  std::string utf8;
  const std::string_view bytes = input.view();
  for (std::size_t begin = 0; begin < bytes.size(); begin += kBlockBytes) {
    const std::string_view block = bytes.substr(begin, kBlockBytes);
    decoder.decode(block, utf8);
    input.release(begin, block.size());
    spool.append(utf8);
    utf8.clear();
    if (spool.size() > options.max_bytes) archive::throw_too_large(input.name(), options.max_bytes);
  }
  decoder.finish(utf8);
  spool.append(utf8);
  return archive::InputBytes::from_spool(spool, input.name());
}

// Broken parts that are few are repaired row by row; a file in another encoding would only seem to be.
void refuse_other_encoding(const BrokenLines& broken, const std::string& name, const std::string& advice) {
  if (broken.broken_units * kUnitsABrokenOne <= broken.units) return;
  std::string message = "is not UTF-8: " + text::grouped(broken.broken_lines) + " of its " +
                        text::counted(broken.lines, "line") + " are not, the first here";
  if (broken.broken_lines == 1) message = "is not UTF-8 here";
  message += "; ";
  message += advice.empty() ? "--encoding says what it is in" : advice;
  io::throw_input(message, name, broken.first_line);
}

}  // namespace

std::string encoding_advice(std::string_view lines) {
  BrokenLines broken;
  look_at_lines(lines, broken);
  const std::string likely = broken.bytes.empty() ? "" : likely_encoding(broken.bytes);
  if (likely.empty()) return "";
  if (likely == kUtf8Encoding) return "most of it is UTF-8: --encoding utf-8 replaces what is broken by U+FFFD";
  return "looks like " + likely + ": --encoding " + likely + " reads it so";
}

Utf8Input read_as_utf8(archive::InputBytes bytes, const CorpusOptions& options) {
  const std::string said = checked_encoding(options.encoding);
  const bool automatic = said == kAutomaticEncoding;
  const std::string marked = marked_encoding(bytes.view());
  const bool utf8_mark = bytes.view().starts_with(text::kByteOrderMark);
  if (!automatic) {
    const std::string mark = utf8_mark ? std::string(kUtf8Encoding) : marked;
    if (!mark.empty() && !mark.starts_with(said)) {
      io::throw_input("starts with the byte order mark of " + mark + ", which is not " + said, bytes.name());
    }
  }
  const std::string encoding = !automatic ? said : !marked.empty() ? marked : std::string(kUtf8Encoding);
  Utf8Input input{std::move(bytes), encoding, "", ""};
  if (encoding != kUtf8Encoding) {
    archive::InputBytes utf8 = converted(input.bytes, encoding, options);
    const bool beyond_ascii = utf8.view().size() != input.bytes.view().size();
    if (marked.empty() && beyond_ascii && is_utf8(input.bytes)) {
      input.remark = "is valid UTF-8, and was read as " + encoding + " as --encoding says";
    }
    input.bytes = std::move(utf8);
  }
  if (is_utf8(input.bytes)) return input;
  const BrokenLines broken = find_broken_lines(input.bytes);
  if (encoding == kUtf8Encoding && automatic) input.advice = encoding_advice(broken.bytes);
  // Binary files have names of their own.
  if (said != kUtf8Encoding && input.bytes.view().substr(0, kBlockBytes).find('\0') == std::string_view::npos) {
    refuse_other_encoding(broken, input.bytes.name(), input.advice);
  }
  return input;
}

}  // namespace textlambda::corpus
