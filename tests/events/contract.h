// Answers as the services want them, written down by hand: tables of an event and the answer it must get.
//
// In an expected answer {"$": "good"} stands for the classification of the text "good" by the sample model; more
// members of that object stand beside the classification's.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/events/source.h"

#include "tests/encoding/reference.h"
#include "tests/lambda/sample_handler.h"

namespace textlambda::events {

// The answers are the handler's, whose sample model tells by the words of a text.
using lambda::HandlerOptions;
using lambda::SampleHandler;

using encoding::base64;
using encoding::gzipped;
using encoding::zlib_packed;

struct ContractCase {
  std::string name;
  Source source;
  std::string event;
  std::string answer;  // JSON; of a failed invocation its errorType alone
};

// Answers over HTTP carry JSON in the string `body`; it is compared as JSON.
void check_contract(const std::vector<ContractCase>& cases, const HandlerOptions& options = {});

// With every {"$": …} written out and confidences to five places.
nlohmann::json expanded(const nlohmann::json& expected, const std::string& model_id);
nlohmann::json rounded(nlohmann::json answer);

}  // namespace textlambda::events
