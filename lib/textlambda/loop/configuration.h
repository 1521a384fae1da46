// The settings of the function that retrains, which are environment variables; docs/bootstrap.md has them in a table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/corpus/corpus.h"
#include "textlambda/events/allowed_origins.h"
#include "textlambda/events/limits.h"
#include "textlambda/lambda/settings.h"
#include "textlambda/retrain/round.h"

namespace textlambda::loop {

struct Configuration {
  std::string store;
  // What is trained on, and what decides. No corpora: the feedback alone.
  std::vector<std::string> corpora;
  std::vector<std::string> tests;
  // Of both; the columns are those of the gate's rules, of the test set alone.
  corpus::CorpusOptions reading;
  // But for the event, the executor and what else a single round has.
  retrain::RoundOptions round;
  // Labelled texts in events are kept in the store, and trained on.
  bool feedback = true;
  // Where they stand in an event's JSON.
  std::vector<std::string> text_pointers;
  std::vector<std::string> label_pointers;
  events::AllowedOrigins allowed_origins;
  events::Limits limits;
  lambda::LogLevel log_level = lambda::LogLevel::info;
};

// Throws Error(usage) that names the variable, its value and what is expected.
Configuration read_configuration(const lambda::Environment& environment);

// The variables that read_configuration() knows, those of Lambda itself left out.
std::span<const std::string_view> setting_names();

}  // namespace textlambda::loop
