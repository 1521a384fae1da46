// Which service an event comes from, told by its JSON alone.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/source.h"

namespace textlambda::lambda {

struct Recognition {
  Source source = Source::direct;
  // An array of records: EventBridge Pipes where the source has records, a batch for AppSync and direct calls.
  bool array = false;
};

Recognition recognise(const nlohmann::json& event);

}  // namespace textlambda::lambda
