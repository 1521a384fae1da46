// bootstrap: the custom runtime of AWS Lambda, under the name that Lambda starts. One static program: a model, the
// handler, the Runtime API. docs/bootstrap.md describes its settings and what it writes. bootstrap-s3 is this, too,
// with models from s3:// (TEXTLAMBDA_S3_MODELS).
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/lambda/configuration.h"
#include "textlambda/lambda/live_model.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/runtime/parallel_loops.h"
#include "textlambda/runtime/run_loop.h"
#include "textlambda/runtime/runtime_api.h"
#include "textlambda/telemetry/line_writer.h"
#include "textlambda/telemetry/observed_handler.h"

#include "command/exit_status.h"
#include "function_program.h"
#ifdef TEXTLAMBDA_S3_MODELS
#include "function_s3.h"
#endif

namespace textlambda {
namespace {

using command::epoch_ms;
using command::kDone;
using command::monotonic_ms;

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

bool is_in_s3(const std::string& model_path) { return model_path.starts_with("s3://"); }

#ifdef TEXTLAMBDA_S3_MODELS

// A look takes at most so long, and at most half of what the invocation has left: it waits for it.
constexpr std::int64_t kLongestLookMs = 5000;

void know_s3(const std::string& model_path) {
  if (!is_in_s3(model_path)) return;
  io::set_remote_files({command::files_in_s3(
      {.attempts = 2, .time = std::chrono::seconds(5), .longest_silence = std::chrono::seconds(3)})});
  command::end_requests_within(command::kInitTime);
}

void limit_look(std::int64_t deadline_ms) {
  const std::int64_t left = deadline_ms - epoch_ms();
  // No invocation begins without time: then it has no deadline, or a host with another clock.
  const std::int64_t most = left > 0 ? std::min(left / 2, kLongestLookMs) : kLongestLookMs;
  command::end_requests_within(std::chrono::milliseconds(most));
}

#else

void know_s3(const std::string& model_path) {
  if (!is_in_s3(model_path)) return;
  io::throw_usage("TEXTLAMBDA_MODEL is " + model_path +
                  ", and this bootstrap knows no S3: textlambda-package --function serve-s3 packs the one that does");
}

void limit_look(std::int64_t) {}

#endif

// One loop: what it has besides the model, the handler and the configuration is its own.
void serve(runtime::RuntimeApi& api, const lambda::Configuration& configuration, lambda::LiveModel& model,
           bool is_alone) {
  telemetry::LineWriter output(STDOUT_FILENO);
  // Held while an invocation is answered with it, whatever another loop finds meanwhile; between two of them the model
  // before need not be kept.
  std::shared_ptr<const lambda::ServedModel> served = model.served();
  telemetry::ObservedHandler observed(served->handler(), configuration,
                                      {.epoch_ms = epoch_ms, .monotonic_ms = monotonic_ms},
                                      [&](std::string_view line) { output.write(line); });
  const auto look_for_another = [&](const lambda::Invocation& invocation) {
    const lambda::LiveModel::Finding finding = model.look(monotonic_ms(), [&] { limit_look(invocation.deadline_ms); });
    if (finding.is_refusal) {
      observed.log(lambda::LogLevel::error, finding.message, invocation.request_id, "Runtime.InvalidModel");
    } else if (!finding.message.empty()) {
      observed.log(lambda::LogLevel::info, finding.message, invocation.request_id);
    }
    served = model.served();
    observed.use(served->handler());
  };
  runtime::run(
      api,
      [&](const lambda::Invocation& invocation) {
        // Lambda's own tools, X-Ray among them, look for it there. Several invocations at a time have no such place.
        if (is_alone) ::setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
        look_for_another(invocation);
        lambda::Answer answer = observed.handle(invocation);
        served.reset();
        return answer;
      },
      [&](const lambda::Invocation& invocation, std::string_view reason) {
        observed.log(lambda::LogLevel::error, "the answer was not taken: " + std::string(reason),
                     invocation.request_id);
      });
}

int run(const char* address) {
  const int termination = command::termination_file();
  runtime::RuntimeApi api(address, termination);
  const char* error_type = "Runtime.InvalidConfiguration";
  std::optional<lambda::Configuration> configuration;
  std::optional<lambda::LiveModel> model;
  const int status = command::start_or_report(api, error_type, [&] {
    configuration = lambda::read_configuration(command::environment_variable);
    configuration->handler.epoch_ms = epoch_ms;
    know_s3(configuration->model_path);
    error_type = "Runtime.InvalidModel";
    model.emplace(configuration->model_path, configuration->handler, configuration->model_refresh,
                  configuration->first_model_path, monotonic_ms());
  });
  if (status != kDone) return status;
  command::warn_of_unknown_settings(configuration->log_level, lambda::setting_names());
  const unsigned loops = runtime::loops_wanted(command::environment_variable(protocol::kMaxConcurrencyVariable));
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
}

}  // namespace
}  // namespace textlambda

int main(int argc, char** argv) {
  return textlambda::command::function_main("bootstrap", textlambda::kHelp, argc, argv, textlambda::run);
}
