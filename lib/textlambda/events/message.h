// What a message comes to: the texts in it, or why there are none.
#pragma once

#include <string>
#include <vector>

#include "textlambda/events/limits.h"

namespace textlambda::events {

// Exactly one of the three is filled.
struct Message {
  std::vector<std::string> texts;
  std::string skipped;     // why there is nothing to classify, by contract
  std::string error;       // why there is no text where one should be
  bool too_large = false;  // the error is the limit on a text
  bool absent = false;     // the error is that there is none, or a blank one
};

Message of_text(std::string text, const Limits& limits);
Message of_skipped(std::string reason);
Message of_error(std::string reason);
// The error is that there is no text.
Message of_absent(std::string reason);

// Several parts as one message: all their texts, in order, at most as many as an event may have records. The first
// error is the whole's; where all are skipped, the first reason. No parts: skipped, as `nothing` says.
Message joined(std::vector<Message> parts, const Limits& limits, std::string nothing);

}  // namespace textlambda::events
