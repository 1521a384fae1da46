#include "textlambda/events/message.h"

#include <utility>

#include "textlambda/text/blank.h"

namespace textlambda::events {

Message of_text(std::string text, const Limits& limits) {
  if (text::is_blank(text)) return of_absent("the text is empty");
  if (text.size() > limits.text_bytes) {
    Message refused = of_error("the text has " + std::to_string(text.size()) + " bytes, at most " +
                               std::to_string(limits.text_bytes) + " are classified");
    refused.too_large = true;
    return refused;
  }
  Message message;
  message.texts.push_back(std::move(text));
  return message;
}

Message of_skipped(std::string reason) {
  Message message;
  message.skipped = std::move(reason);
  return message;
}

Message of_object(std::string reason) {
  Message message = of_skipped(std::move(reason));
  message.notice = Notice::object;
  return message;
}

Message of_error(std::string reason) {
  Message message;
  message.error = std::move(reason);
  return message;
}

Message of_absent(std::string reason) {
  Message message = of_error(std::move(reason));
  message.absent = true;
  return message;
}

Message joined(std::vector<Message> parts, const Limits& limits, std::string nothing) {
  Message all;
  for (Message& part : parts) {
    if (!part.error.empty()) return std::move(part);
    if (all.skipped.empty()) {
      all.skipped = std::move(part.skipped);
      all.notice = part.notice;
    }
    for (std::string& text : part.texts) all.texts.push_back(std::move(text));
    for (std::string& label : part.labels) all.labels.push_back(std::move(label));
    if (all.texts.size() > limits.records) {
      return of_error("more than " + std::to_string(limits.records) + " texts in one message");
    }
  }
  if (!all.texts.empty()) {
    all.skipped.clear();
    all.notice = Notice::none;
  } else if (all.skipped.empty()) {
    all.skipped = std::move(nothing);
  }
  return all;
}

}  // namespace textlambda::events
