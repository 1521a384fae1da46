// What an event may cost. Each limit is checked before the memory or the time is spent; docs/events.md says what
// happens beyond it.
#pragma once

#include <cstddef>

#include "textlambda/json/document.h"

namespace textlambda::events {

struct Limits {
  // Bytes of an event. Lambda itself stops at 6 MiB for a synchronous call.
  std::size_t event_bytes = 6291556;
  // Of an event, and of a body that is JSON itself.
  json::Limits json;
  // Records, messages, log lines or texts of one event. 10,000 is the most that any source hands over.
  std::size_t records = 10000;
  // Bytes that the compressed parts of one event may unpack to, all together.
  std::size_t inflated_bytes = std::size_t{32} << 20;
  // Bytes of one text.
  std::size_t text_bytes = std::size_t{1} << 20;
  // Bytes of a label that comes with a text.
  std::size_t label_bytes = 1000;
  // Envelopes inside envelopes: an S3 notice in an SNS message in an SQS body is 2.
  std::size_t envelopes = 4;
  // Bytes of an answer: Lambda's own limit, the load balancer's, that of a message on a WebSocket, and a Bedrock
  // agent's.
  std::size_t answer_bytes = 6291556;
  std::size_t alb_answer_bytes = 1000000;
  std::size_t websocket_answer_bytes = std::size_t{128} << 10;
  std::size_t bedrock_answer_bytes = std::size_t{25} << 10;
};

}  // namespace textlambda::events
