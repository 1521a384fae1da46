// Which service an event comes from, told by its JSON alone.
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/events/source.h"

namespace textlambda::events {

struct Recognition {
  Source source = Source::direct;
  // An array of records: EventBridge Pipes where the source has records, a batch for AppSync and direct calls.
  bool array = false;
};

Recognition recognise(const nlohmann::json& event);
// The same of the sources whose events others hand on within messages (SourceRow::forwarded); nothing for any other.
std::optional<Recognition> recognise_forwarded(const nlohmann::json& event);

// What the sources look for.

// A record's own word for its service, `eventSource` (SNS spells it with a capital); empty where it has none.
std::string_view record_name(const nlohmann::json& record);
bool has_object(const nlohmann::json& event, const char* name);
bool has_array(const nlohmann::json& event, const char* name);
bool has_string(const nlohmann::json& event, const char* name);

}  // namespace textlambda::events
