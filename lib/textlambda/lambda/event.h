// An event, read: its source, and its records with the texts that are to be classified. What became of each is filled
// in later, and the answer is written from it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/classification.h"
#include "textlambda/lambda/limits.h"
#include "textlambda/lambda/message.h"
#include "textlambda/lambda/source.h"

namespace textlambda::lambda {

struct Record {
  std::string id;  // what the source calls it; empty where it has no name
  Message message;
  const nlohmann::json* item = nullptr;         // as it stands in the event, where the answer needs it
  std::vector<Classification> classifications;  // one for each text of the message
};

struct Event {
  Source source = Source::direct;
  bool recognised = true;
  bool array = false;  // answered with an array: AppSync and direct batches
  std::vector<Record> records;
  // Why the event as a whole cannot be used; empty where it can.
  std::string error_type;
  std::string error;
  int status_code = 0;  // of the answer to a request over HTTP, else 0
  const nlohmann::json* document = nullptr;
};

// `document` has to outlive the event.
Event read_event(const nlohmann::json& document, const MessageReader& messages, const Limits& limits);

}  // namespace textlambda::lambda
