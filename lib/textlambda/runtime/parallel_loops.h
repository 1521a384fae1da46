// Several invocations at a time in one process, as Lambda Managed Instances have it: each loop asks for work by itself.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html
#pragma once

#include <functional>

namespace textlambda::runtime {

// How many loops the value of AWS_LAMBDA_MAX_CONCURRENCY asks for: 1 where it is null, none or no number, and at most
// kMostLoops.
inline constexpr unsigned kMostLoops = 1600;
unsigned loops_wanted(const char* value);

// Calls `loop` `count` times at once, each on a thread of its own; of one loop, on this. Returns when all have. What
// one of them throws first is thrown in the end; `interrupt` is called then, to end the others.
void run_in_parallel(unsigned count, const std::function<void()>& loop, const std::function<void()>& interrupt);

}  // namespace textlambda::runtime
