// bootstrap: the custom runtime of AWS Lambda, under the name that Lambda starts. One static program: a model, the
// handler, the Runtime API. docs/bootstrap.md describes its settings and what it writes.
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/lost_bytes.h"
#include "textlambda/io/standard_descriptors.h"
#include "textlambda/lambda/configuration.h"
#include "textlambda/lambda/live_model.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/runtime/parallel_loops.h"
#include "textlambda/runtime/run_loop.h"
#include "textlambda/runtime/runtime_api.h"
#include "textlambda/telemetry/line_writer.h"
#include "textlambda/telemetry/log_line.h"
#include "textlambda/telemetry/observed_handler.h"

#include "command/exit_status.h"

namespace textlambda {
namespace {

using command::kDone;
using command::status_of;

constexpr const char* kHelp =
    "bootstrap: the runtime of a textlambda function. AWS Lambda starts it; to run it here:\n"
    "\n"
    "  textlambda-package --model MODEL.tlm -o function.zip     what is deployed\n"
    "  TEXTLAMBDA_MODEL=MODEL.tlm AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001 bootstrap\n"
    "\n"
    "It takes no options but --help and --version; its settings are environment variables:\n"
    "TEXTLAMBDA_MODEL, _MODEL_REFRESH, _TEXT_POINTERS, _TOP_K, _ABSTAIN_THRESHOLD, _CORS_ORIGIN, _LOG_LEVEL, "
    "_LOG_TEXT,\n"
    "_METRICS, _METRICS_NAMESPACE, _LOW_CONFIDENCE, _CAPTURE, _CAPTURE_REDACT (docs/bootstrap.md).\n";

std::int64_t epoch_ms() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double monotonic_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const char* environment_variable(const char* name) { return ::getenv(name); }

// SIGTERM as a file that can be read: it ends the wait for work at once, and work at hand is finished first.
int termination_file() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int fd = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) io::throw_system("cannot wait for SIGTERM", {}, errno);
  return fd;
}

// One loop: what it has besides the model, the handler and the configuration is its own.
void serve(runtime::RuntimeApi& api, const lambda::Configuration& configuration, lambda::LiveModel& model,
           bool is_alone) {
  telemetry::LineWriter output(STDOUT_FILENO);
  // Held for as long as an invocation is answered with it, whatever another loop finds meanwhile.
  std::shared_ptr<const lambda::ServedModel> served = model.served();
  telemetry::ObservedHandler observed(served->handler(), configuration,
                                      {.epoch_ms = epoch_ms, .monotonic_ms = monotonic_ms},
                                      [&](std::string_view line) { output.write(line); });
  const auto look_for_another = [&](const std::string& request_id) {
    const lambda::LiveModel::Finding finding = model.look(monotonic_ms());
    if (finding.is_refusal) {
      observed.log(lambda::LogLevel::error, finding.message, request_id, "Runtime.InvalidModel");
    } else if (!finding.message.empty()) {
      observed.log(lambda::LogLevel::info, finding.message, request_id);
    }
    if (std::shared_ptr<const lambda::ServedModel> now = model.served(); now != served) {
      served = std::move(now);
      observed.use(served->handler());
    }
  };
  runtime::run(
      api,
      [&](const lambda::Invocation& invocation) {
        // Lambda's own tools, X-Ray among them, look for it there. Several invocations at a time have no such place.
        if (is_alone) ::setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
        look_for_another(invocation.request_id);
        return observed.handle(invocation);
      },
      [&](const lambda::Invocation& invocation, std::string_view reason) {
        observed.log(lambda::LogLevel::error, "the answer was not taken: " + std::string(reason),
                     invocation.request_id);
      });
}

int run(const char* address) {
  telemetry::LineWriter output(STDOUT_FILENO);
  const auto fail = [&](const char* error_type, const io::Error& error) {
    output.write(telemetry::message_line(lambda::LogLevel::error, {.time_ms = epoch_ms()}, error.what(), error_type));
    return status_of(error.kind());
  };
  try {
    const int termination = termination_file();
    runtime::RuntimeApi api(address, termination);
    const char* error_type = "Runtime.InvalidConfiguration";
    std::optional<lambda::Configuration> configuration;
    std::optional<lambda::LiveModel> model;
    try {
      configuration = lambda::read_configuration(environment_variable);
      configuration->handler.epoch_ms = epoch_ms;
      error_type = "Runtime.InvalidModel";
      model.emplace(configuration->model_path, configuration->handler, configuration->model_refresh);
    } catch (const io::Error& error) {
      const int status = fail(error_type, error);
      api.fail_to_start(error_type, error.what());
      return status;
    }
    for (const std::string& name : lambda::unknown_settings(environ)) {
      if (configuration->log_level > lambda::LogLevel::warn) break;
      output.write(telemetry::message_line(lambda::LogLevel::warn, {.time_ms = epoch_ms()},
                                           name + " is set and is no setting", {}));
    }
    const unsigned loops = runtime::loops_wanted(environment_variable(protocol::kMaxConcurrencyVariable));
    if (loops == 1) {
      serve(api, *configuration, *model, true);
      return kDone;
    }
    runtime::run_in_parallel(
        loops,
        [&] {
          runtime::RuntimeApi own(address, termination);
          serve(own, *configuration, *model, false);
        },
        [] { ::kill(::getpid(), SIGTERM); });
    return kDone;
  } catch (const io::Error& error) {
    return fail("Runtime.ApiFailure", error);
  }
}

}  // namespace
}  // namespace textlambda

int main(int argc, char** argv) {
  textlambda::io::open_standard_descriptors();
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--help" || argument == "-h") {
    std::fputs(textlambda::kHelp, stdout);
    return textlambda::command::kDone;
  }
  if (argument == "--version") {
    std::puts("bootstrap " TEXTLAMBDA_VERSION);
    return textlambda::command::kDone;
  }
  // Other arguments are the handler's name where a container image starts this: not needed.
  const char* const address = ::getenv(textlambda::protocol::kRuntimeApiVariable);
  if (address == nullptr) {
    std::fputs("bootstrap: AWS_LAMBDA_RUNTIME_API is not set: this is started by AWS Lambda, see --help\n", stderr);
    return textlambda::command::kUsage;
  }
  textlambda::io::end_on_lost_bytes("bootstrap", textlambda::command::kInputOutput);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a log in a file that may not grow
  try {
    return textlambda::run(address);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bootstrap: %s\n", error.what());
    return textlambda::command::kInternal;
  }
}
