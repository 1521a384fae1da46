// A small gate run made by hand, with names that try to break out of every kind of report.
#pragma once

#include <string>

#include "textlambda/gate/comparison.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/report/report.h"

namespace textlambda::report {

struct SampleRun {
  metrics::Evaluation evaluation;
  gate::Comparison comparison;

  Report report(bool texts = true) const { return {evaluation, comparison, texts, "1.2.3"}; }
};

inline constexpr const char* kHostileLabel = "a|b <script>alert(1)</script> @team";
inline constexpr const char* kHostileText =
    "</script><script>globalThis.__planted=1</script> \u202Egnihton | `x` \"q\"";

// Eight examples of "good" and the hostile label, two of them wrong now, one newly; accuracy regressed against one
// baseline, a floor missed, recall inconclusive.
SampleRun sample_run();
// The same model measured alone.
SampleRun sample_evaluation();

}  // namespace textlambda::report
