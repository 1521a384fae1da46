// Draws test sets on which a model truly lost `loss` of its accuracy and counts what the gate says of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "textlambda/gate/verdict.h"

namespace textlambda::gate {

struct Truth {
  std::uint64_t n = 0;    // examples of a test set
  double discordant = 0;  // share of them on which the two models differ in being right
  double change = 0;      // true change of accuracy, |change| ≤ discordant
};

struct VerdictShares {
  std::array<double, 4> shares{};  // by Verdict

  double operator[](Verdict verdict) const { return shares[static_cast<std::size_t>(verdict)]; }
};

// Of `draws` test sets: newly wrong and newly right pairs are multinomial. The same seed, the same shares.
VerdictShares simulate(const Truth& truth, double margin, std::size_t draws, std::uint64_t seed);

// The same without chance: every possible count with its probability, but for those of less than 1e-10.
VerdictShares enumerate(const Truth& truth, double margin);

// The table of docs/gate.md, in Markdown.
std::string simulation_table();

}  // namespace textlambda::gate
