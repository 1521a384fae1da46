// A baseline: a run kept to hold later ones against. Two files: a JSON with everything a person wants to read, and
// beside it the rows (row_file.h), under a name made of their hash. Both are described in docs/gate.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/gate/comparison.h"
#include "textlambda/gate/settings.h"
#include "textlambda/metrics/judged_rows.h"

namespace textlambda::gate {

inline constexpr int kBaselineVersion = 1;

struct Baseline {
  RunIdentity identity;
  GateSettings settings;
  metrics::JudgedRows rows;
};

// Reads both files and checks them against each other. Whatever is wrong throws Error(input_output) naming the file. A
// baseline that another run replaces meanwhile is read as it was or as it is then.
Baseline read_baseline(const std::string& path);

// Where the rows are of the baseline that is at `path`; empty where there is none, or none that can be read.
std::string rows_path(const std::string& path);

// The JSON of a run whose rows are in `rows_file`.
struct RowFile;
std::string baseline_json(const Baseline& baseline, const std::string& rows_file, const RowFile& rows);

// Puts both files in place. The rows come first, under a new name; the JSON that names them replaces the old one in one
// step, and only then the old rows are removed, unless another baseline beside it names them: whenever a run is killed,
// the JSON there names rows that are there, the old ones or the new. Runs that do so at the same time do it one after
// the other. New rows have no wider permissions than the JSON that was there. Throws Error(input_output).
void write_baseline(const std::string& path, const Baseline& baseline);

// Throws Error(input_output) for a path where no baseline can be put, before anything is measured for it: a folder, a
// pipe, a device, a file in a folder that is not there. Also for a file that is no baseline, not even a damaged one: a
// corpus or a model named by mistake is not overwritten.
void require_writable(const std::string& path);

// Fills what a model's card says of its origin into `identity`. A card that is not understood leaves it empty.
void read_card(std::string_view card, RunIdentity& identity);

}  // namespace textlambda::gate
