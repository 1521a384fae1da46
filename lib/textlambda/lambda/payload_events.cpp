// Payloads of callers' own making: a text, an object with a text in it, an array of either.
#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/event_reader.h"

namespace textlambda::lambda {

using nlohmann::json;

Message EventReader::read_payload(const json& payload) const {
  if (payload.is_string()) return of_text(payload.get_ref<const std::string&>(), limits_);
  return messages_.read_at_pointers(payload);
}

void EventReader::read_direct() {
  if (!event_.array) {
    add({}, read_payload(document_));
    event_.recognised = event_.records[0].message.error.empty();
    return;
  }
  if (!fits(document_.size())) return;
  for (std::size_t i = 0; i < document_.size(); ++i) add(std::to_string(i), read_payload(document_[i]));
}

}  // namespace textlambda::lambda
