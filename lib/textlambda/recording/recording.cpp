#include "textlambda/recording/recording.h"

#include <algorithm>
#include <array>

namespace textlambda::recording {
namespace {

enum Key : std::size_t {
  kEvent,
  kResponse,
  kLabel,
  kContext,
  kTime,
  kRequestId,
  kModel,
  kDuration,
  kInit,
  kMemory,
  kKeys
};
constexpr std::array<std::string_view, kKeys> kKeyNames = {
    "event", "response", "label", "context", "time", "request_id", "model", "duration_ms", "init_ms", "memory_mb"};

struct Parts {
  std::array<json::Span, kKeys> spans{};
  bool is_recording = false;
  std::optional<std::size_t> repeated;
};

Parts find_parts(std::string_view text) {
  Parts parts;
  bool known = true;
  const bool whole = json::visit_members(text, [&](const json::Member& member) {
    const auto name = std::find(kKeyNames.begin(), kKeyNames.end(), member.key);
    known = name != kKeyNames.end();
    if (!known) return false;
    const auto key = static_cast<std::size_t>(name - kKeyNames.begin());
    if (parts.spans[key].size() != 0) parts.repeated = key;
    parts.spans[key] = member.value;
    return true;
  });
  parts.is_recording = whole && known && parts.spans[kEvent].size() != 0;
  return parts;
}

std::optional<std::string> part(std::string_view text, json::Span span) {
  if (span.size() == 0) return std::nullopt;
  return std::string(span.of(text));
}

}  // namespace

void take_apart(std::string_view text, std::size_t offset, bool bare, Recording& recording) {
  recording.value = {offset, offset + text.size()};
  const Parts parts = bare ? Parts{} : find_parts(text);
  if (!parts.is_recording) {
    recording.event = text;
    return;
  }
  recording.wrapped = true;
  if (parts.repeated) {
    recording.bad_reason = "a recording with two members \"" + std::string(kKeyNames[*parts.repeated]) + "\"";
    return;
  }
  recording.event = parts.spans[kEvent].of(text);
  recording.response = part(text, parts.spans[kResponse]);
  recording.label = part(text, parts.spans[kLabel]);
  recording.context = part(text, parts.spans[kContext]);
  recording.time = part(text, parts.spans[kTime]);
  recording.request_id = part(text, parts.spans[kRequestId]);
  recording.duration_ms = part(text, parts.spans[kDuration]);
  recording.init_ms = part(text, parts.spans[kInit]);
  recording.memory_mb = part(text, parts.spans[kMemory]);
  const json::Span response = parts.spans[kResponse];
  if (response.size() != 0) recording.response_value = {offset + response.begin, offset + response.end};
}

}  // namespace textlambda::recording
