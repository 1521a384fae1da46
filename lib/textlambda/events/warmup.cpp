// A call that keeps the function warm, as plugins and schedules with an input of their own make it: nothing to
// classify, and no error either.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/events/source_row.h"
#include "textlambda/json/document.h"

namespace textlambda::events::warmup {
namespace {

using Json = nlohmann::json;

// "keep-warm", "keep_warm" and "keepWarm" are one name.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      letters += static_cast<char>(c - 'A' + 'a');
    } else if (c != '-' && c != '_') {
      letters += c;
    }
  }
  return letters;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// {"warmup": true} and the like; lambda-warmer's is "warmer".
bool is_switch(const std::string& name, const Json& value) {
  constexpr std::array<std::string_view, 9> kSwitches = {"warmup",  "warmer",  "warm", "keepwarm",    "iswarmup",
                                                         "prewarm", "warming", "ping", "lambdawarmer"};
  const bool on = value == true || value == 1 || value == "true" || value == "1";
  return on && is_one_of(kSwitches, plain(name));
}

// {"source": "serverless-plugin-warmup"}, {"action": "keep-warm"}; or a rule's input that names the service alone, as
// serverless-wsgi has it. One word: a sentence about warm weather is a text.
bool is_purpose(const std::string& name, const Json& value) {
  constexpr std::array<std::string_view, 7> kPlaces = {"source",  "action",    "type", "event",
                                                       "command", "operation", "task"};
  if (!value.is_string() || !is_one_of(kPlaces, plain(name))) return false;
  const auto& word = value.get_ref<const std::string&>();
  if (name == "source" && (word == "aws.events" || word == "aws.scheduler")) return true;
  const std::string letters = plain(word);
  return letters.find(' ') == std::string::npos &&
         (letters == "warm" || letters == "ping" || letters.find("warmup") != std::string::npos ||
          letters.find("warmer") != std::string::npos || letters.find("keepwarm") != std::string::npos);
}

// What stands beside it: figures, and the names that lambda-warmer gives its calls. Anything else may be a text.
bool is_beside(const std::string& name, const Json& value) {
  return value.is_primitive() && (!value.is_string() || name == "source" || name == "target" || name == "time" ||
                                  name == "id" || name.starts_with("__WARMER_"));
}

bool recognises(const Json& event) {
  if (!event.is_object()) return false;
  // The plugin's own name is nobody else's: its payload may be extended.
  if (json::string_or_empty(&event, "source") == "serverless-plugin-warmup") return true;
  bool warms = false;
  for (const auto& [name, value] : event.items()) {
    const bool said = is_switch(name, value) || is_purpose(name, value);
    if (!said && !is_beside(name, value)) return false;
    warms = warms || said;
  }
  return warms;
}

bool recognises_array(const Json& event) {
  return !event.empty() && std::all_of(event.begin(), event.end(), recognises);
}

void read(EventReader& reader) {
  const std::size_t count = reader.event().array ? reader.document().size() : 1;
  if (!reader.fits(count)) return;
  for (std::size_t i = 0; i < count; ++i) reader.add({}, of_skipped("a call that keeps the function warm"));
}

void answer(Event& event, const ClassificationWriter& writer, const Limits& /*limits*/, Answer& answer) {
  if (event.array) return append_array(answer.body, event, writer, false);
  append_record(answer.body, event.records[0], writer, false, false);
}

std::string sample(std::string_view /*text*/) { return R"({"source":"serverless-plugin-warmup"})"; }

}  // namespace

const SourceRow kRow = {.carries_text = false,
                        .recognises = recognises,
                        .recognises_array = recognises_array,
                        .read = read,
                        .answer = answer};
const ServiceSide kService = {sample, report_unnamed};

}  // namespace textlambda::events::warmup
