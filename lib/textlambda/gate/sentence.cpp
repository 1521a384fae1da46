#include "textlambda/gate/sentence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "textlambda/gate/figure_words.h"
#include "textlambda/text/count.h"

namespace textlambda::gate {
namespace {

std::string allowed(const RelativeCheck& check) {
  return check.margin > 0 ? amount_words(check.margin, check.unit) + " is allowed" : "no loss is allowed";
}

// The bounds of the gain: what is good is positive.
double hopeful(const RelativeCheck& check) { return check.lower_is_better ? -check.interval.low : check.interval.high; }
double fearful(const RelativeCheck& check) { return check.lower_is_better ? -check.interval.high : check.interval.low; }

std::string and_more(std::size_t count) { return count > 1 ? " (and " + std::to_string(count - 1) + " more)" : ""; }

template <typename Check, typename Chosen>
std::vector<const Check*> choose(const std::vector<Check>& checks, const Chosen& chosen) {
  std::vector<const Check*> found;
  for (const Check& check : checks) {
    if (chosen(check)) found.push_back(&check);
  }
  return found;
}

// What is said first: a check that was asked for by name, the least likely to be chance.
const RelativeCheck* worst_of(const std::vector<const RelativeCheck*>& checks) {
  return *std::min_element(checks.begin(), checks.end(), [](const RelativeCheck* a, const RelativeCheck* b) {
    if (a->named != b->named) return a->named;
    return a->holm_p < b->holm_p;
  });
}

std::string against(const Comparison& comparison, const RelativeCheck& check) {
  return comparison.references.size() > 1 ? " (against " + comparison.references[check.reference].identity.name + ")"
                                          : "";
}

std::string pass_sentence(const Comparison& comparison) {
  if (comparison.references.empty()) {
    return comparison.limits.size() == 1 ? "the limit is kept"
                                         : "all " + std::to_string(comparison.limits.size()) + " limits are kept";
  }
  const bool all_same = std::all_of(comparison.references.begin(), comparison.references.end(),
                                    [](const Reference& reference) { return reference.same_predictions; });
  if (all_same) return "the same predictions as " + comparison.references.front().identity.name;
  const auto passed = choose(comparison.checks, [&](const RelativeCheck& check) {
    return check.named && !comparison.references[check.reference].same_predictions;
  });
  const auto nearest = std::min_element(
      passed.begin(), passed.end(),
      [](const RelativeCheck* a, const RelativeCheck* b) { return fearful(*a) + a->margin < fearful(*b) + b->margin; });
  return nearest == passed.end() ? "nothing is worse than allowed"
                                 : sentence_of(**nearest) + against(comparison, **nearest);
}

void decide_kind(Comparison& comparison) {
  const auto missed = choose(comparison.limits, [](const LimitCheck& check) { return !check.met; });
  if (!missed.empty()) {
    comparison.decision = Decision::below_floor;
    comparison.sentence = sentence_of(*missed.front()) + and_more(missed.size());
    return;
  }
  const auto of = [&](Verdict verdict, bool named_alone) {
    return choose(comparison.checks, [&](const RelativeCheck& check) {
      return check.verdict == verdict && (check.named || !named_alone);
    });
  };
  const auto say = [&](Decision decision, const std::vector<const RelativeCheck*>& checks) {
    const RelativeCheck& worst = *worst_of(checks);
    comparison.decision = decision;
    comparison.sentence = sentence_of(worst) + against(comparison, worst) + and_more(checks.size());
  };
  if (const auto regressed = of(Verdict::regressed, false); !regressed.empty()) {
    say(Decision::regressed, regressed);
  } else if (const auto inconclusive = of(Verdict::inconclusive, true); !inconclusive.empty()) {
    say(Decision::inconclusive, inconclusive);
  } else if (const auto improved = of(Verdict::improved, true); !improved.empty()) {
    say(Decision::improved, improved);
  } else {
    comparison.decision = Decision::pass;
    comparison.sentence = comparison.asked() ? pass_sentence(comparison) : "";
  }
}

void add_check_warnings(Comparison& comparison) {
  for (const RelativeCheck& check : comparison.checks) {
    const std::string where = check.metric + against(comparison, check);
    if (check.verdict_alone == Verdict::regressed && check.verdict != Verdict::regressed) {
      comparison.warnings.push_back(where + " would fail alone; it does not among " +
                                    std::to_string(comparison.checks.size()) +
                                    " checks, of which one may look bad by chance");
    }
    if (check.named && check.needed > 0) {
      comparison.warnings.push_back(where + ": " + text::counted(check.n, "row") + " can show a loss of " +
                                    amount_words(check.detectable, check.unit) + ", more than the " +
                                    amount_words(check.margin, check.unit) + " allowed; about " +
                                    text::counted(check.needed, "row") + " would be needed");
    }
  }
}

}  // namespace

// What was seen first, then what can be said of the truth: the bound is not what was seen.
std::string sentence_of(const RelativeCheck& check) {
  if (check.n == 0) return check.metric + " cannot be compared: no row has it";
  const std::string seen =
      check.metric + " " + level_words(check.before, check.unit) + " → " + level_words(check.after, check.unit) + ", ";
  const std::string worse = check.lower_is_better ? " higher" : " lower";
  const std::string better = check.lower_is_better ? " lower" : " higher";
  switch (check.verdict) {
    case Verdict::regressed:
      return seen + "at least " + amount_words(hopeful(check), check.unit) + worse + "; " + allowed(check);
    case Verdict::improved:
      return seen + "at least " + amount_words(fearful(check), check.unit) + better;
    case Verdict::pass:
      if (fearful(check) == 0 && hopeful(check) == 0) return check.metric + " is as it was";
      return seen + "at most " + amount_words(std::min(0.0, fearful(check)), check.unit) + worse + "; " +
             allowed(check);
    case Verdict::inconclusive:
      break;
  }
  if (!std::isfinite(fearful(check))) {
    return check.metric + " cannot be compared: too few " + (check.clusters > 0 ? "groups" : "rows");
  }
  return seen + "perhaps up to " + amount_words(fearful(check), check.unit) + worse + "; " + allowed(check) + "; " +
         text::counted(check.n, "row") + " do not tell";
}

std::string sentence_of(const LimitCheck& check) {
  return check.metric + " is " + level_words(check.value, check.unit) + ", " +
         (check.is_floor ? "at least " : "at most ") + level_words(check.limit, check.unit) + " is demanded";
}

void decide(Comparison& comparison, OnInconclusive on_inconclusive) {
  decide_kind(comparison);
  add_check_warnings(comparison);
  if (comparison.decision == Decision::inconclusive && on_inconclusive == OnInconclusive::warn) {
    comparison.warnings.push_back("undecided, and let through: --on-inconclusive fail would stop here");
  }
}

}  // namespace textlambda::gate
