// The readers of each family of sources, and what they share. They fill an Event.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/lambda/event.h"
#include "textlambda/lambda/limits.h"
#include "textlambda/lambda/message.h"

namespace textlambda::lambda {

class EventReader {
 public:
  // All have to outlive the reader.
  EventReader(const nlohmann::json& document, const MessageReader& messages, const Limits& limits, Event& event);

  // Records in an array: SNS, SQS.
  void read_notifications(const nlohmann::json& records);
  void read_queue(const nlohmann::json& records);
  // Any payload.
  void read_direct();

 private:
  void add(std::string id, Message message, const nlohmann::json* item = nullptr);
  // False, and the event in error, where there are more than the limit.
  bool fits(std::size_t record_count);
  void fail(const char* type, std::string reason);
  Message read_payload(const nlohmann::json& payload) const;

  const nlohmann::json& document_;
  const MessageReader& messages_;
  const Limits& limits_;
  Event& event_;
};

}  // namespace textlambda::lambda
