// The rows of the contract asked of a host, one after the other, each with a deadline of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/conform/judge.h"
#include "textlambda/conform/options.h"
#include "textlambda/conform/row.h"
#include "textlambda/conform/session.h"

namespace textlambda::conform {

struct ScoredRow {
  const Row* row = nullptr;
  std::string_view group;
  Finding finding;
};

struct Scorecard {
  std::string endpoint;
  std::string function;
  Probe probe;
  std::vector<ScoredRow> rows;
  // What was made and could not be taken away, a line each; empty where nothing is left.
  std::string left_behind;
  bool interrupted = false;

  std::size_t count(Verdict verdict) const;
  bool passed() const { return count(Verdict::fail) == 0; }
};

// Throws Error(usage) for groups that there are not, and for options that leave nothing to be asked.
void check(const Options& options);

// `tell` is called with each row as it is scored. Throws Error(input_output) where the host cannot be reached at all,
// or has a function of that name that is not the probe; whatever was made is taken away before that.
Scorecard score(const Options& options, const std::function<void(const ScoredRow&)>& tell);

// "invoke, http, …"
std::string group_names();

}  // namespace textlambda::conform
