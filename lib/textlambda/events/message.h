// What a message comes to: the texts in it, or why there are none.
#pragma once

#include <string>
#include <vector>

#include "textlambda/events/limits.h"

namespace textlambda::events {

// What a message asks for that has no text, where texts come with labels (MessageReader): something is to be done.
enum class Notice {
  none,
  object,  // of an object in S3
  other,   // JSON without a text and a label, or words that are no JSON
};

// Exactly one of texts, skipped and error is filled.
struct Message {
  std::vector<std::string> texts;
  std::vector<std::string> labels;  // one for each text where labels are read, else none
  Notice notice = Notice::none;     // beside skipped or error
  std::string skipped;              // why there is nothing to classify, by contract
  std::string error;                // why there is no text where one should be
  bool too_large = false;           // the error is the limit on a text
  bool absent = false;              // the error is that there is none, or a blank one
};

Message of_text(std::string text, const Limits& limits);
Message of_skipped(std::string reason);
// The text is in an object of S3.
Message of_object(std::string reason);
Message of_error(std::string reason);
// The error is that there is no text.
Message of_absent(std::string reason);

// Several parts as one message: all their texts, in order, at most as many as an event may have records. The first
// error is the whole's; where all are skipped, the first reason. No parts: skipped, as `nothing` says.
Message joined(std::vector<Message> parts, const Limits& limits, std::string nothing);

}  // namespace textlambda::events
