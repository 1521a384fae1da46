// Any bytes as what a baseline's file of rows holds, under a checksum made true so that changes get past that: an
// Error, or rows whose every use is sound.
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>

#include "textlambda/archive/decompress.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/gate.h"
#include "textlambda/gate/row_file.h"
#include "textlambda/gate/row_match.h"
#include "textlambda/io/error.h"
#include "textlambda/metrics/run_intervals.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 24;

void require(bool condition) {
  if (!condition) std::abort();
}

// What every command does with rows, whether it goes on to a gate or not.
void use(const JudgedRows& rows) {
  const Metrics metrics = metrics_of(rows);
  require(metrics.n == rows.rows.size() && metrics.correct <= metrics.n);
  require(metrics.accuracy >= 0 && metrics.accuracy <= 1);
  require(metrics.confusion.rows() == rows.labels.size());
  std::uint64_t counted = 0;
  for (const ConfusionCell& cell : metrics.confusion.cells()) counted += cell.count;
  require(counted == metrics.n);
  for (const RowColumn& column : rows.columns) slice_metrics(rows, {column.name});
  const RowMatch match = match_rows(rows, rows);
  require(match.pairs.size() == rows.rows.size() && !match.change.any());

  CandidateRun candidate{{}, rows, metrics};
  candidate.identity.predictions_digest = predictions_digest(rows);
  ReferenceRun reference;
  reference.baseline.identity = candidate.identity;
  reference.baseline.identity.predictions_digest.clear();  // so that rows are compared, not digests
  reference.baseline.rows = rows;
  require(exit_status(run_gate(candidate, {&reference, 1}, {}, {}), OnInconclusive::fail) != 1);
}

// A Zstandard frame of blocks that are stored as they are (RFC 8878): compressing would be most of the time.
std::string stored_frame(std::string_view bytes) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::string frame("\x28\xB5\x2F\xFD\xA0");  // a single segment, its size in four bytes, no checksum
  const auto put = [&](std::size_t number, int width) {
    for (int i = 0; i < width; ++i) frame += static_cast<char>((number >> (8 * i)) & 0xFFU);
  };
  put(bytes.size(), 4);
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    const std::string_view block = bytes.substr(at, kBlock);
    put(block.size() << 3U | (at + block.size() == bytes.size() ? 1U : 0U), 3);
    frame += block;
  }
  return frame;
}

void read_rows(std::string_view content) {
  std::string bytes(content);
  bytes += encoding::sha256_hex(bytes);
  const JudgedRows rows = read_row_file(stored_frame(bytes), "fuzz.rows.zst", kMostBytes);
  use(rows);
  // Slow, so not always.
  if (std::accumulate(content.begin(), content.end(), 0U) % 16 != 0) return;
  const RowFile written = write_row_file(rows, "again.rows.zst");
  require(archive::decompress_zstandard(written.bytes, "again", kMostBytes) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  try {
    read_rows(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const io::Error& error) {
    require(error.kind() == io::ErrorKind::input_output);
  }
  return 0;
}
