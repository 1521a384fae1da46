// The baseline that the seeds of baseline_fuzz are made of: an unknown label, a text that comes twice, two columns.
#pragma once

#include <cstddef>

#include "textlambda/gate/baseline.h"

#include "tests/metrics/sample_rows.h"

// Of the file of its rows, beside its JSON.
inline constexpr const char* kRowsName = "rows.zst";

inline textlambda::gate::Baseline sample_baseline() {
  textlambda::gate::Baseline baseline;
  baseline.rows = sample_rows({{"one", "ham", "ham", 0.9F, {"DE", ""}},
                               {"two", "spam", "ham", 0.6F, {"FR", "x"}},
                               {"two", "spam", "ham", 0.6F, {"DE", "y"}},
                               {"three", "eggs", "spam", 1.0F, {"DE", "x"}},
                               {"four", "spam", "spam", 0.8F, {"FR", "x"}}},
                              {"country", "customer"});
  baseline.rows.rows[1].abstained = true;
  for (std::size_t i = 0; i < baseline.rows.rows.size() * baseline.rows.known_labels; ++i) {
    baseline.rows.log_probabilities.push_back(-0.25F * static_cast<float>(i));
  }
  baseline.identity.tool_version = "1.2.3";
  baseline.identity.temperature = 1.5;
  baseline.identity.predictions_digest = predictions_digest(baseline.rows);
  baseline.settings.max_drop = {"accuracy=0.5pp", "recall[spam]=2pp", "macro_f1=1pp"};
  baseline.settings.min = {"accuracy=60%"};
  baseline.settings.max = {"ece=0.5"};
  baseline.settings.alpha = 0.01;
  baseline.settings.on_inconclusive = "fail";
  baseline.settings.slices = {"country"};
  baseline.settings.cluster_by = "customer";
  return baseline;
}
