// The exit statuses of all programs here, bootstrap among them.
#pragma once

#include "textlambda/io/error.h"

namespace textlambda::command {

enum ExitStatus : int {
  kDone = 0,          // done, passed
  kJudgedFailed = 1,  // what was judged failed: regression, mismatch, drift, failed events
  kUsage = 2,         // wrong usage
  kInconclusive = 3,  // inconclusive, where that is told to fail
  kMismatch = 4,      // data set or labels do not fit the model or the baseline
  kInputOutput = 5,   // input or output cannot be used
  kInternal = 70,     // a programming error
};

inline ExitStatus status_of(io::ErrorKind kind) {
  switch (kind) {
    case io::ErrorKind::usage:
      return kUsage;
    case io::ErrorKind::mismatch:
      return kMismatch;
    case io::ErrorKind::input_output:
      return kInputOutput;
  }
  return kInternal;
}

}  // namespace textlambda::command
