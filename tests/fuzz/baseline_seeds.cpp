// baseline_seeds rows FOLDER, baseline_seeds json FOLDER: writes the sample baseline as seeds of row_file_fuzz, which
// are rows before they are sealed and compressed, or of baseline_fuzz.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "textlambda/archive/decompress.h"
#include "textlambda/gate/row_file.h"

#include "tests/fuzz/sample_baseline.h"

using namespace textlambda;

namespace {

constexpr std::size_t kDigest = 64;

std::string content_of(const metrics::JudgedRows& rows) {
  std::string content =
      archive::decompress_zstandard(gate::write_row_file(rows, "rows").bytes, "rows", std::uint64_t{1} << 20);
  content.resize(content.size() - kDigest);
  return content;
}

bool write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return static_cast<bool>(file.flush());
}

// The sample without what not every model and test set has.
metrics::JudgedRows plain_rows() {
  metrics::JudgedRows rows = sample_baseline().rows;
  rows.log_probabilities.clear();
  rows.columns.clear();
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string kind = argv[1];
  const std::filesystem::path folder = argv[2];
  if (kind == "rows") {
    return write(folder / "full", content_of(sample_baseline().rows)) &&
                   write(folder / "plain", content_of(plain_rows()))
               ? 0
               : 5;
  }
  const gate::RowFile rows = gate::write_row_file(sample_baseline().rows, "rows");
  return write(folder / "sample", gate::baseline_json(sample_baseline(), kRowsName, rows)) ? 0 : 5;
}
