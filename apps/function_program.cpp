#include "function_program.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

#include "textlambda/io/lost_bytes.h"
#include "textlambda/io/standard_descriptors.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/telemetry/log_line.h"

#include "command/exit_status.h"

namespace textlambda::command {

std::int64_t epoch_ms() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double monotonic_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const char* environment_variable(const char* name) { return ::getenv(name); }

int termination_file() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int fd = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) io::throw_system("cannot wait for SIGTERM", {}, errno);
  return fd;
}

int fail_in_log(const char* error_type, const io::Error& error) {
  telemetry::LineWriter(STDOUT_FILENO)
      .write(telemetry::message_line(lambda::LogLevel::error, {.time_ms = epoch_ms()}, error.what(), error_type));
  return status_of(error.kind());
}

int start_or_report(runtime::RuntimeApi& api, const char* const& error_type, const std::function<void()>& start) {
  try {
    start();
    return kDone;
  } catch (const io::Error& error) {
    const int status = fail_in_log(error_type, error);
    api.fail_to_start(error_type, error.what());
    return status;
  }
}

void warn_of_unknown_settings(lambda::LogLevel level, std::span<const std::string_view> known) {
  if (level > lambda::LogLevel::warn) return;
  telemetry::LineWriter output(STDOUT_FILENO);
  for (const std::string& name : lambda::unknown_settings(environ, known)) {
    output.write(telemetry::message_line(lambda::LogLevel::warn, {.time_ms = epoch_ms()},
                                         name + " is set and is no setting", {}));
  }
}

int function_main(const char* name, const char* help, int argc, char** argv, int (*run)(const char* address)) {
  io::open_standard_descriptors();
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--help" || argument == "-h") {
    std::fputs(help, stdout);
    return kDone;
  }
  if (argument == "--version") {
    std::printf("%s " TEXTLAMBDA_VERSION "\n", name);
    return kDone;
  }
  const char* const address = environment_variable(protocol::kRuntimeApiVariable);
  if (address == nullptr) {
    std::fprintf(stderr, "%s: AWS_LAMBDA_RUNTIME_API is not set: this is started by AWS Lambda, see --help\n", name);
    return kUsage;
  }
  io::end_on_lost_bytes(name, kInputOutput);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a log in a file that may not grow
  try {
    return run(address);
  } catch (const io::Error& error) {
    return fail_in_log("Runtime.ApiFailure", error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return kInternal;
  }
}

}  // namespace textlambda::command
