#include "textlambda/loop/configuration.h"

#include <array>
#include <limits>
#include <utility>

#include "textlambda/gate/settings.h"
#include "textlambda/io/error.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/train/options.h"

namespace textlambda::loop {
namespace {

constexpr std::array<std::string_view, 17> kSettings = {
    "TEXTLAMBDA_STORE",         "TEXTLAMBDA_CORPUS",         "TEXTLAMBDA_TEST",        "TEXTLAMBDA_FORMAT",
    "TEXTLAMBDA_TEXT",          "TEXTLAMBDA_LABEL",          "TEXTLAMBDA_MAX_DROP",    "TEXTLAMBDA_MIN",
    "TEXTLAMBDA_REQUIRE",       "TEXTLAMBDA_ALPHA",          "TEXTLAMBDA_SEED",        "TEXTLAMBDA_FEEDBACK",
    "TEXTLAMBDA_TEXT_POINTERS", "TEXTLAMBDA_LABEL_POINTERS", "TEXTLAMBDA_CORS_ORIGIN", "TEXTLAMBDA_LOG_LEVEL",
    "TEXTLAMBDA_MEMORY"};

// What the function takes besides the training: its code, the runtime's buffers.
constexpr std::size_t kBesides = std::size_t{32} << 20;

std::string required(const lambda::Settings& settings, const char* name, std::string_view what) {
  const auto value = settings.text(name);
  if (!value) io::throw_usage(std::string(name) + " is not set: expected " + std::string(what));
  return std::string(*value);
}

// Says which variable it was.
template <typename Check>
void check_setting(const lambda::Settings& settings, const char* name, const Check& check) {
  try {
    check();
  } catch (const io::Error& error) {
    if (const auto value = settings.text(name)) lambda::refuse_setting(name, *value, error.what());
    throw;
  }
}

void read_gate(const lambda::Settings& settings, retrain::RoundOptions& round) {
  gate::GateSettings& gate = round.gate;
  gate.max_drop =
      settings.list("TEXTLAMBDA_MAX_DROP", "METRIC=AMOUNT").value_or(std::vector<std::string>{retrain::kUsualMargin});
  check_setting(settings, "TEXTLAMBDA_MAX_DROP", [&] { gate::parse_rules(gate); });
  gate.min = settings.list("TEXTLAMBDA_MIN", "METRIC=LEVEL").value_or(std::vector<std::string>());
  check_setting(settings, "TEXTLAMBDA_MIN", [&] { gate::parse_rules(gate); });
  gate.alpha = settings.number("TEXTLAMBDA_ALPHA", 0.0, 1.0, "a number above 0 and below 0.5");
  check_setting(settings, "TEXTLAMBDA_ALPHA", [&] { gate::parse_rules(gate); });
  if (const auto value = settings.text("TEXTLAMBDA_REQUIRE")) {
    if (*value == "improved") {
      round.require = retrain::Requirement::improved;
    } else if (*value != "not-worse") {
      lambda::refuse_setting("TEXTLAMBDA_REQUIRE", *value, "not-worse or improved");
    }
  }
}

// Of the memory that Lambda gives, or that the setting says; what is beyond it goes to files in /tmp.
train::MemoryLimit memory_limit(const lambda::Settings& settings) {
  train::MemoryLimit limit;
  limit.is_binding = false;
  std::optional<std::size_t> megabytes;
  for (const char* name : {"TEXTLAMBDA_MEMORY", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"}) {
    megabytes = settings.number(name, std::size_t{64}, std::size_t{1} << 20, "megabytes from 64 to 1048576");
    limit.name = name;
    if (megabytes) break;
  }
  if (megabytes) limit.bytes = *megabytes << 20;
  limit.present = kBesides;
  return limit;
}

}  // namespace

Configuration read_configuration(const lambda::Environment& environment) {
  const lambda::Settings settings(environment);
  Configuration configuration;
  configuration.store = required(settings, "TEXTLAMBDA_STORE", "the folder of models");
  configuration.corpora = settings.list("TEXTLAMBDA_CORPUS", "names of files").value_or(std::vector<std::string>());
  configuration.tests = settings.list("TEXTLAMBDA_TEST", "names of files").value_or(std::vector<std::string>());
  if (configuration.tests.empty())
    required(settings, "TEXTLAMBDA_TEST", "the test set that decides, a file or several");
  corpus::CorpusOptions& reading = configuration.reading;
  if (const auto format = settings.text("TEXTLAMBDA_FORMAT")) {
    check_setting(settings, "TEXTLAMBDA_FORMAT",
                  [&] { reading.format = corpus::checked_format(std::string(*format)); });
  }
  reading.text = settings.text("TEXTLAMBDA_TEXT").value_or("");
  reading.label = settings.text("TEXTLAMBDA_LABEL").value_or("");
  retrain::RoundOptions& round = configuration.round;
  read_gate(settings, round);
  round.training.seed =
      settings.number("TEXTLAMBDA_SEED", std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(), "a whole number")
          .value_or(round.training.seed);
  round.training.memory = memory_limit(settings);
  train::validate(round.training);
  configuration.feedback = settings.flag("TEXTLAMBDA_FEEDBACK", true);
  if (configuration.corpora.empty() && !configuration.feedback) {
    io::throw_usage("TEXTLAMBDA_CORPUS is not set, and TEXTLAMBDA_FEEDBACK is off: there is nothing to train on");
  }
  configuration.text_pointers =
      settings.pointers("TEXTLAMBDA_TEXT_POINTERS").value_or(lambda::HandlerOptions().text_pointers);
  configuration.label_pointers =
      settings.pointers("TEXTLAMBDA_LABEL_POINTERS").value_or(std::vector<std::string>{"/label"});
  configuration.allowed_origins = settings.allowed_origins();
  configuration.log_level = settings.log_level();
  return configuration;
}

std::span<const std::string_view> setting_names() { return kSettings; }

}  // namespace textlambda::loop
