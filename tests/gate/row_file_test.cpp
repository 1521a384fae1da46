#include "textlambda/gate/row_file.h"

#include <bit>
#include <cstring>
#include <string>

#include "textlambda/archive/decompress.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/metrics/sample_rows.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

constexpr std::uint64_t kEnough = std::uint64_t{1} << 24;

JudgedRows some_rows() {
  JudgedRows rows = sample_rows({{"one", "ham", "ham", 0.9F, {"DE", ""}},
                                 {"two", "spam", "ham", 0.6F, {"FR", "x"}},
                                 {"two", "spam", "ham", 0.6F, {"DE", "y"}},
                                 {"three", "eggs", "spam", 1.0F, {"DE", "x"}}},
                                {"country", "customer"});
  rows.rows[1].abstained = true;
  for (std::size_t i = 0; i < rows.rows.size() * rows.known_labels; ++i) {
    rows.log_probabilities.push_back(-0.25F * static_cast<float>(i));
  }
  return rows;
}

std::string content_of(const JudgedRows& rows) {
  return archive::decompress_zstandard(write_row_file(rows, "rows").bytes, "rows", kEnough);
}

// The content under a checksum that fits, as one who lies would write it.
std::string resealed_rows(std::string content) {
  content.resize(content.size() - 64);
  content += encoding::sha256_hex(content);
  return archive::compress_zstandard(content, "rows", 1);
}

bool is_refused(const std::string& bytes) {
  try {
    read_row_file(bytes, "rows", kEnough);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    CHECK_THAT(error.what(), Catch::StartsWith("rows: "));
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("rows told by their bytes are kept as version 1, and come back as such") {
  std::vector<std::uint32_t> places;
  const JudgedRows exact = told_exactly(some_rows(), places);
  const std::string content = content_of(exact);
  CHECK(content.substr(8, 4) == std::string("\x01\0\0\0", 4));
  CHECK(content_of(some_rows()).substr(8, 4) == std::string("\x02\0\0\0", 4));
  CHECK(read_row_file(write_row_file(exact, "rows").bytes, "rows", kEnough).identity == RowIdentity::exact);
  CHECK(read_row_file(write_row_file(some_rows(), "rows").bytes, "rows", kEnough).identity == RowIdentity::as_seen);
}

TEST_CASE("rows come back as they were") {
  const JudgedRows rows = some_rows();
  const RowFile file = write_row_file(rows, "rows");
  CHECK(file.content_bytes == content_of(rows).size());
  CHECK(write_row_file(rows, "elsewhere").bytes == file.bytes);
  const JudgedRows back = read_row_file(file.bytes, "rows", kEnough);
  CHECK(back.labels == rows.labels);
  CHECK(back.known_labels == 2);
  CHECK(back.inputs.size() == 1);
  CHECK(back.log_probabilities == rows.log_probabilities);
  REQUIRE(back.rows.size() == rows.rows.size());
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const JudgedRow& a = rows.rows[i];
    const JudgedRow& b = back.rows[i];
    CHECK(a.hash == b.hash);
    CHECK(a.occurrence == b.occurrence);
    CHECK(a.truth == b.truth);
    CHECK(a.predicted == b.predicted);
    CHECK(std::bit_cast<std::uint32_t>(a.confidence) == std::bit_cast<std::uint32_t>(b.confidence));
    CHECK(a.log_p_truth == b.log_p_truth);
    CHECK(a.squared_distance == b.squared_distance);
    CHECK(a.rank == b.rank);
    CHECK(a.abstained == b.abstained);
    CHECK(a.line == b.line);
  }
  REQUIRE(back.columns.size() == 2);
  CHECK(back.columns[1].name == "customer");
  CHECK(back.columns[1].values == rows.columns[1].values);
  CHECK(back.columns[1].rows == rows.columns[1].rows);
  CHECK(predictions_digest(back) == predictions_digest(rows));
}

TEST_CASE("flipped bits and truncations are noticed") {
  const std::string bytes = write_row_file(some_rows(), "rows").bytes;
  for (std::size_t size = 0; size < bytes.size(); size += 5) CHECK(is_refused(bytes.substr(0, size)));
  std::size_t unnoticed = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    // A bit of the compressed frame may mean nothing; the content is then what it was. The baseline's JSON holds the
    // hash of the file's bytes too.
    unnoticed += is_refused(flipped) ? 0 : 1;
  }
  CHECK(unnoticed <= 4);
}

TEST_CASE("what a file claims under a checksum that fits is checked all the same") {
  const std::string content = content_of(some_rows());
  REQUIRE_FALSE(is_refused(resealed_rows(content)));
  CHECK(is_refused(resealed_rows(content.substr(0, content.size() - 64) + "more" + std::string(64, '0'))));
  // Each number of the file set to its largest: counts, lengths, indices, floats (NaN).
  for (std::size_t at = 8; at + 4 <= content.size() - 64; at += 2) {
    std::string changed = content;
    std::memset(&changed[at], 0xFF, 4);
    try {
      const JudgedRows rows = read_row_file(resealed_rows(changed), "rows", kEnough);
      // What passes is consistent: hashes, log-probabilities and lines may be anything.
      for (const JudgedRow& row : rows.rows) {
        CHECK(row.truth < rows.labels.size());
        CHECK(row.predicted < rows.known_labels);
        CHECK(row.confidence >= 0);
        CHECK(row.input < rows.inputs.size());
      }
    } catch (const io::Error&) {
    }
  }
}

TEST_CASE("what labels span takes nothing: there are as many cells as rows") {
  JudgedRows rows = sample_rows({{"one", "ham", "ham"}});
  rows.labels.clear();
  for (int i = 0; i < 100000; ++i) rows.labels.push_back(std::to_string(i));
  rows.known_labels = rows.labels.size();
  rows.rows[0].truth = 99999;
  rows.rows[0].predicted = 70000;
  rows.log_probabilities.clear();
  const metrics::Metrics metrics = metrics_of(read_row_file(write_row_file(rows, "rows").bytes, "rows", kEnough));
  CHECK(metrics.labels.size() == 100000);
  CHECK(metrics.confusion.cells().size() == 1);  // of ten thousand million
  CHECK(metrics.confusion.count(99999, 70000) == 1);
}

TEST_CASE("other files and bombs are refused") {
  CHECK(is_refused(""));
  CHECK(is_refused("not compressed at all"));
  CHECK(is_refused(archive::compress_zstandard("something else", "rows")));
  const std::string bytes = write_row_file(some_rows(), "rows").bytes;
  CHECK_THROWS_WITH(read_row_file(bytes, "rows", 100), Catch::Contains("larger than the limit"));
}
