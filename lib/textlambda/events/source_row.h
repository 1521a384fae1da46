// What the function has to know of a source: its row in the table of sources.
#pragma once

#include <array>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/answer.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/event_reader.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/limits.h"
#include "textlambda/events/service_side.h"
#include "textlambda/events/source.h"

namespace textlambda::events {

struct SourceRow {
  // How a request over HTTP stands in the event; null for a source that is none.
  const HttpShape* http = nullptr;
  // The answer names the failed records, and only those are handed over again.
  bool takes_batch_failures = false;
  // The text is in the event.
  bool carries_text = true;
  // Others hand its events on whole, or a record of them by itself: dead-letter queues, destinations, pipes. So they
  // are read where they stand in a message.
  bool forwarded = false;

  // What `eventSource` says in its records, by which a list of them is told: the event itself from a pipe, and
  // `Records` where `in_records`.
  std::array<std::string_view, 3> record_names = {};
  bool in_records = false;
  // Whether an object that is no list of records is an event of this source. Null: its records alone tell.
  bool (*recognises)(const nlohmann::json& event) = nullptr;
  // The same of an array. Null: its records alone tell.
  bool (*recognises_array)(const nlohmann::json& event) = nullptr;

  // Takes the records out of an event that has been recognised.
  void (*read)(EventReader& reader) = nullptr;
  // Fills in the answer's body, or fails it; a record for which it has no room becomes a failed one.
  void (*answer)(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer) = nullptr;
};

const SourceRow& row_of(Source source);

// In NAME.cpp each.
#define TEXTLAMBDA_SOURCE(name)      \
  namespace name {                   \
  extern const SourceRow kRow;       \
  extern const ServiceSide kService; \
  }
TEXTLAMBDA_SOURCES(TEXTLAMBDA_SOURCE)
#undef TEXTLAMBDA_SOURCE

}  // namespace textlambda::events
