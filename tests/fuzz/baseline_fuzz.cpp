// Any bytes as the JSON of a baseline, its digest made true so that changes get past that, beside the rows of a sample:
// an Error, or a baseline that a gate can be run against.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/baseline.h"
#include "textlambda/gate/canonical_json.h"
#include "textlambda/gate/row_file.h"
#include "textlambda/gate/settings.h"
#include "textlambda/io/error.h"

#include "tests/fuzz/sample_baseline.h"
#include "tests/temporary_folder.h"

using namespace textlambda;
using namespace textlambda::gate;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// With the sample's rows, where its JSON says.
class SampleFolder : public TemporaryFolder {
 public:
  SampleFolder() { write(kRowsName, write_row_file(sample_baseline().rows, kRowsName).bytes); }
};

const TemporaryFolder& folder() {
  static SampleFolder made;
  return made;
}

std::string resealed(std::string_view text) {
  try {
    nlohmann::json document = read_json(text, "fuzz.json");
    document.erase("digest");
    document["digest"] = encoding::sha256_hex(canonical_json(document));
    return canonical_json(document);
  } catch (const io::Error&) {
    return std::string(text);
  }
}

void read_json_of_baseline(std::string_view text) {
  const std::string path = folder().path("fuzz.json");
  std::ofstream(path, std::ios::binary) << resealed(text);
  const Baseline baseline = read_baseline(path);
  const GateRules rules = parse_rules(baseline.settings);  // what a baseline holds is never the command line's fault
  require(rules.alpha > 0 && rules.alpha < 0.5);
  require(!baseline.rows.rows.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  try {
    read_json_of_baseline(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const io::Error& error) {
    require(error.kind() == io::ErrorKind::input_output);
  }
  return 0;
}
