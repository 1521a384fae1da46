// An event, read: its source, and its records with the texts that are to be classified. What became of each is filled
// in later, and the answer is written from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/allowed_origins.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/message.h"
#include "textlambda/events/source.h"
#include "textlambda/events/text_pointers.h"

namespace textlambda::events {

// A position in Kafka, which is how a record of it is named: {"partition":"orders-0","offset":15}.
struct KafkaPosition {
  std::string partition;
  std::int64_t offset = 0;
};

struct Record {
  std::string id;  // what the source calls it; empty where it has no name
  Message message;
  const nlohmann::json* item = nullptr;         // as it stands in the event, where the answer needs it
  std::string content;                          // of Firehose: the record's data, decoded
  std::optional<KafkaPosition> position = {};   // of Kafka, where it has one
  std::vector<Classification> classifications;  // one for each text of the message
  // What the answer has in place of classifications: members of a JSON object, without braces; empty: nothing.
  std::string result = {};

  bool has_failed() const { return !message.error.empty(); }
};

// What the answer to a request over HTTP depends on.
struct HttpExchange {
  int status_code = 200;
  bool head = false;                 // answered without a body
  bool health = false;               // answered with the model's health card
  bool multi_value_headers = false;  // the request has them
  bool preflight = false;            // a browser asks whether a page of another origin may ask
  // Whose pages may read the answer; borrowed, null for nobody's.
  const AllowedOrigins* allowed_origins = nullptr;
};

struct Event {
  Source source = Source::direct;
  bool recognised = true;
  bool array = false;  // the payload, or a body over HTTP, is an array and so is the answer; or records from a pipe
  std::vector<Record> records;
  HttpExchange http;
  // Why the event as a whole cannot be used; empty where it can.
  std::string error_type;
  std::string error;
  const nlohmann::json* document = nullptr;
};

// Never throws for what is in the document, which has to outlive the event.
Event read_event(const nlohmann::json& document, const TextPointers& pointers, const Limits& limits);
// The same of texts that come with labels, which stand at `labels` in the object that the text is in.
Event read_labelled_event(const nlohmann::json& document, const TextPointers& pointers, const TextPointers& labels,
                          const Limits& limits);

}  // namespace textlambda::events
