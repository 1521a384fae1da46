// What the programs that Lambda starts have in common: their beginning, their clocks, how a start that fails is told.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "textlambda/io/error.h"
#include "textlambda/lambda/settings.h"
#include "textlambda/runtime/runtime_api.h"
#include "textlambda/telemetry/line_writer.h"

namespace textlambda::command {

std::int64_t epoch_ms();
double monotonic_ms();
const char* environment_variable(const char* name);

// SIGTERM as a file that can be read: it ends the wait for work at once, and work at hand is finished first.
int termination_file();

// One line in the log, and the exit status of the error's kind.
int fail_in_log(const char* error_type, const io::Error& error);

// Calls `start`, which reads settings and what they name, and tells the Runtime API and the log where that throws
// Error: `error_type` is read then. The exit status, 0 where all is well.
int start_or_report(runtime::RuntimeApi& api, const char* const& error_type, const std::function<void()>& start);

// A line of warning for each variable that begins with TEXTLAMBDA_ and is none of `known`.
void warn_of_unknown_settings(lambda::LogLevel level, std::span<const std::string_view> known);

// main() of such a program: --help and --version; without Lambda a usage error; else what `run` returns, called with
// the value of AWS_LAMBDA_RUNTIME_API. Other arguments are the handler's name where a container image starts it.
int function_main(const char* name, const char* help, int argc, char** argv, int (*run)(const char* address));

}  // namespace textlambda::command
