// Figures of two runs as functions of how often each example counts: what a bootstrap evaluates thousands of times.
// Sorting and grouping are done once, here. Immutable but for the scratch memory that each caller brings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "textlambda/metrics/bootstrap_change.h"
#include "textlambda/metrics/label_averages.h"
#include "textlambda/stats/calibration_error.h"
#include "textlambda/stats/ranking.h"

namespace textlambda::metrics {

struct BeforeAfter {
  double before = 0;
  double after = 0;
};

// Examples that share truth and both predictions are of one cell.
class LabelCells {
 public:
  explicit LabelCells(const PairedRuns& runs);

  std::span<const std::uint64_t> sizes() const { return sizes_; }      // examples in each cell
  std::span<const std::uint32_t> cell_of() const { return cell_of_; }  // an example: its cell

  struct Scratch {
    std::vector<LabelCounts> before, after;
  };
  // The counts of each label in both runs, where counts[c] examples are of cell c.
  void tally(std::span<const std::uint32_t> counts, Scratch& scratch) const;

 private:
  std::size_t labels_;
  std::vector<std::array<std::uint32_t, 3>> cells_;  // truth, before, after
  std::vector<std::uint64_t> sizes_;
  std::vector<std::uint32_t> cell_of_;
};

// Of a question of labels.
BeforeAfter figure_of(const ChangeQuestion& question, const LabelCells::Scratch& tally, const LabelAverages& before,
                      const LabelAverages& after);

// The figures of the questions that need each example.
class ExampleFigures {
 public:
  ExampleFigures(const PairedRuns& runs, std::span<const ChangeQuestion> questions);

  // Answers one a question that is not of labels, the others are left alone. counts: an example.
  void measure(std::span<const std::uint32_t> counts, std::span<BeforeAfter> answers) const;

 private:
  // The terms of a question's mean, an example whose label the model knows.
  struct Terms {
    std::size_t question;
    std::vector<double> before, after;
  };
  struct Rankings {
    std::uint32_t label;
    stats::Ranking before, after;
  };

  void add_question(const PairedRuns& runs, std::size_t question, std::vector<bool>& wanted);
  double mean(std::span<const std::uint32_t> counts, std::span<const double> terms) const;
  void measure_rankings(std::span<const std::uint32_t> counts, std::span<BeforeAfter> answers) const;

  std::span<const ChangeQuestion> questions_;
  std::vector<std::uint32_t> known_;  // examples whose label the model knows
  std::vector<Terms> terms_;
  std::vector<stats::CalibrationError> calibration_;  // before, after; empty where not asked for
  std::vector<Rankings> rankings_;                    // of the labels asked for
  bool with_precision_ = false;
};

}  // namespace textlambda::metrics
