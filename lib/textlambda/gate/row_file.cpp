#include "textlambda/gate/row_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include "textlambda/archive/decompress.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/text/utf8.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRow;
using metrics::JudgedRows;
using metrics::RowColumn;

// Numbers are little-endian in the file, and so is every machine this runs on.
static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic = "TLM rows";
constexpr std::size_t kDigest = 64;  // hexadecimal digits of the SHA-256 at the end
constexpr std::uint32_t kHasLogProbabilities = 1;

template <typename Number>
void put(std::string& bytes, Number number) {
  static_assert(std::is_arithmetic_v<Number>);
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_string(std::string& bytes, std::string_view text) {
  put(bytes, static_cast<std::uint32_t>(text.size()));
  bytes += text;
}

template <typename Get>
void put_rows(std::string& bytes, const JudgedRows& rows, const Get& get) {
  for (const JudgedRow& row : rows.rows) put(bytes, get(row));
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  [[noreturn]] void fail(const std::string& what) const { io::throw_input("is damaged: " + what, file_); }
  void require(bool good, const char* what) const {
    if (!good) fail(what);
  }

  std::string_view take(std::uint64_t size, const char* what) {
    if (size > bytes_.size()) fail(std::string(what) + " beyond its end");
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  template <typename Number>
  Number number(const char* what) {
    Number number{};
    std::memcpy(&number, take(sizeof number, what).data(), sizeof number);
    return number;
  }

  std::string string(const char* what) {
    const std::string_view text = take(number<std::uint32_t>(what), what);
    require(text::valid_utf8_prefix(text) == text.size(), what);
    return std::string(text);
  }

  // Strings that come in order, no two alike.
  std::vector<std::string> strings(std::uint64_t count, const char* what) {
    require(count <= bytes_.size() / sizeof(std::uint32_t), what);
    std::vector<std::string> result;
    for (std::uint64_t i = 0; i < count; ++i) result.push_back(string(what));
    return result;
  }

  // `count` numbers, `width` of them a row.
  template <typename Number>
  std::vector<Number> array(std::uint64_t count, std::uint64_t width, const char* what) {
    require(width == 0 || count <= bytes_.size() / sizeof(Number) / width, what);
    const std::string_view taken = take(count * width * sizeof(Number), what);
    std::vector<Number> numbers(taken.size() / sizeof(Number));
    if (!numbers.empty()) std::memcpy(numbers.data(), taken.data(), taken.size());
    return numbers;
  }

  template <typename Number, typename Set>
  void fill(std::vector<JudgedRow>& rows, const char* what, const Set& set) {
    const std::vector<Number> numbers = array<Number>(rows.size(), 1, what);
    for (std::size_t i = 0; i < rows.size(); ++i) require(set(rows[i], numbers[i]), what);
  }

  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  const std::string& file_;
};

bool all_distinct(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

bool strictly_sorted(const std::vector<std::string>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

void read_row_lines(Reader& reader, JudgedRows& result, std::uint32_t input_count) {
  std::vector<JudgedRow>& rows = result.rows;
  const std::size_t labels = result.labels.size();
  const std::size_t known = result.known_labels;
  reader.fill<std::uint64_t>(rows, "hashes", [](JudgedRow& row, std::uint64_t value) {
    row.hash = value;
    return true;
  });
  reader.fill<std::uint32_t>(rows, "occurrences", [](JudgedRow& row, std::uint32_t value) {
    row.occurrence = value;
    return true;
  });
  reader.fill<std::uint32_t>(rows, "truths", [&](JudgedRow& row, std::uint32_t value) {
    row.truth = value;
    return value < labels;
  });
  reader.fill<std::uint32_t>(rows, "predictions", [&](JudgedRow& row, std::uint32_t value) {
    row.predicted = value;
    return value < known;
  });
  reader.fill<float>(rows, "confidences", [](JudgedRow& row, float value) {
    row.confidence = value;
    return value >= 0 && value <= 1;
  });
  reader.fill<float>(rows, "log-probabilities of the truth", [](JudgedRow& row, float value) {
    row.log_p_truth = value;
    return value <= 0 && std::isfinite(value);
  });
  reader.fill<float>(rows, "squared distances", [](JudgedRow& row, float value) {
    row.squared_distance = value;
    return value >= 0 && value <= 3;
  });
  reader.fill<std::uint32_t>(rows, "ranks", [&](JudgedRow& row, std::uint32_t value) {
    row.rank = value;
    return value <= known;
  });
  reader.fill<std::uint8_t>(rows, "abstentions", [](JudgedRow& row, std::uint8_t value) {
    row.abstained = value != 0;
    return value <= 1;
  });
  reader.fill<std::uint32_t>(rows, "inputs", [&](JudgedRow& row, std::uint32_t value) {
    row.input = value;
    return value < input_count;
  });
  reader.fill<std::uint64_t>(rows, "lines", [](JudgedRow& row, std::uint64_t value) {
    row.line = value;
    return value > 0;
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool repeated = i > 0 && rows[i].hash == rows[i - 1].hash;
    reader.require(i == 0 || rows[i].hash >= rows[i - 1].hash, "rows out of order");
    reader.require(rows[i].occurrence == (repeated ? rows[i - 1].occurrence + 1 : 0), "occurrences");
    if (repeated) {
      reader.require(result.labels[rows[i - 1].truth] <= result.labels[rows[i].truth], "rows out of order");
    }
  }
}

JudgedRows parse(std::string_view bytes, const std::string& file) {
  Reader reader(bytes, file);
  if (reader.take(std::min(bytes.size(), kMagic.size()), "its name") != kMagic) {
    io::throw_input("is not the rows of a baseline", file);
  }
  const auto version = reader.number<std::uint32_t>("version");
  if (version != kRowFileVersion && version != kExactRowFileVersion) {
    io::throw_input("is of format version " + std::to_string(version) + ", expected " +
                        std::to_string(kExactRowFileVersion) + " or " + std::to_string(kRowFileVersion) +
                        ": made by another version of textlambda",
                    file);
  }
  const auto flags = reader.number<std::uint32_t>("flags");
  reader.require(flags <= kHasLogProbabilities, "flags");
  const auto count = reader.number<std::uint64_t>("number of rows");
  const auto labels = reader.number<std::uint32_t>("number of labels");
  const auto known = reader.number<std::uint32_t>("number of labels");
  const auto columns = reader.number<std::uint32_t>("number of columns");
  const auto inputs = reader.number<std::uint32_t>("number of inputs");
  reader.require(known >= 1 && known <= labels, "number of labels");

  JudgedRows result;
  result.identity = version == kExactRowFileVersion ? metrics::RowIdentity::exact : metrics::RowIdentity::as_seen;
  result.labels = reader.strings(labels, "labels");
  result.known_labels = known;
  reader.require(all_distinct(result.labels), "labels");
  for (std::uint32_t i = 0; i < columns; ++i) {
    RowColumn column;
    column.name = reader.string("columns");
    column.values = reader.strings(reader.number<std::uint32_t>("columns"), "columns");
    reader.require(strictly_sorted(column.values), "columns");
    result.columns.push_back(std::move(column));
  }
  // A row takes more bytes than this in the file.
  reader.require(count > 0 && count <= bytes.size() / 32 && count <= 0xFFFFFFFFU, "number of rows");
  result.rows.resize(static_cast<std::size_t>(count));
  read_row_lines(reader, result, inputs);
  for (RowColumn& column : result.columns) {
    column.rows = reader.array<std::uint32_t>(count, 1, "columns");
    for (const std::uint32_t value : column.rows) reader.require(value < column.values.size(), "columns");
  }
  if ((flags & kHasLogProbabilities) != 0) {
    result.log_probabilities = reader.array<float>(count, known, "log-probabilities");
    for (const float value : result.log_probabilities) reader.require(value <= 0, "log-probabilities");
  }
  reader.require(reader.at_end(), "bytes after its end");
  for (std::uint32_t input = 0; input < inputs; ++input) {
    if (input >= count) reader.fail("number of inputs");
    result.inputs.push_back("input " + std::to_string(input + 1));
  }
  return result;
}

}  // namespace

RowFile write_row_file(const JudgedRows& rows, const std::string& file) {
  std::string bytes(kMagic);
  put(bytes, rows.identity == metrics::RowIdentity::exact ? kExactRowFileVersion : kRowFileVersion);
  put(bytes, rows.log_probabilities.empty() ? std::uint32_t{0} : kHasLogProbabilities);
  put(bytes, static_cast<std::uint64_t>(rows.rows.size()));
  put(bytes, static_cast<std::uint32_t>(rows.labels.size()));
  put(bytes, static_cast<std::uint32_t>(rows.known_labels));
  put(bytes, static_cast<std::uint32_t>(rows.columns.size()));
  put(bytes, static_cast<std::uint32_t>(rows.inputs.size()));
  for (const std::string& label : rows.labels) put_string(bytes, label);
  for (const RowColumn& column : rows.columns) {
    put_string(bytes, column.name);
    put(bytes, static_cast<std::uint32_t>(column.values.size()));
    for (const std::string& value : column.values) put_string(bytes, value);
  }
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.hash; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.occurrence; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.truth; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.predicted; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.confidence; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.log_p_truth; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.squared_distance; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.rank; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return static_cast<std::uint8_t>(row.abstained ? 1 : 0); });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.input; });
  put_rows(bytes, rows, [](const JudgedRow& row) { return row.line; });
  for (const RowColumn& column : rows.columns) {
    for (const std::uint32_t value : column.rows) put(bytes, value);
  }
  for (const float value : rows.log_probabilities) put(bytes, value);
  bytes += encoding::sha256_hex(bytes);
  return {archive::compress_zstandard(bytes, file), bytes.size()};
}

JudgedRows read_row_file(std::string_view bytes, const std::string& file, std::uint64_t max_bytes) {
  if (!archive::is_zstandard(bytes)) io::throw_input("is not the rows of a baseline: not compressed", file);
  const std::string content = archive::decompress_zstandard(bytes, file, max_bytes);
  const std::size_t size = content.size() - std::min(content.size(), kDigest);
  const std::string_view body = std::string_view(content).substr(0, size);
  if (content.size() < kDigest || std::string_view(content).substr(size) != encoding::sha256_hex(body)) {
    io::throw_input("is damaged: its checksum does not match", file);
  }
  return parse(body, file);
}

}  // namespace textlambda::gate
