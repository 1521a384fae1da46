// Whole events, at least one of each source: what the mutation test and the seeds of the fuzz target start from.
#pragma once

#include <string>
#include <vector>

#include "textlambda/events/source.h"

namespace textlambda::events {

struct SampleEvent {
  Source source;
  std::string event;
};

const std::vector<SampleEvent>& sample_events();

}  // namespace textlambda::events
