#include "textlambda/sources/batch_answer.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/events/service_side.h"
#include "textlambda/json/document.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::sources {
namespace {

constexpr std::size_t kDeepestAnswer = 100;

void fail(Verdict& verdict, std::string reason) {
  verdict.kind = Verdict::Kind::failed;
  verdict.failed.clear();
  verdict.reason = std::move(reason);
}

// What nearly every answer is, without a parser.
bool plainly_names_nobody(std::string_view body) {
  return body.empty() || body == "null" || body == "{}" || body == R"({"batchItemFailures":[]})";
}

// The places of the records that were named; false, and `unknown`, where a name is none of the batch.
class Places {
 public:
  Places(const EventSource& source, const Batch& batch) : source_(source), batch_(batch) {}

  // The place of a name, or the size of the batch.
  std::uint32_t of(const std::string& name) {
    const auto count = static_cast<std::uint32_t>(batch_.deliveries.size());
    if (count <= kFew) {
      std::uint32_t place = 0;
      while (place < count && source_.id(batch_.deliveries[place].item) != name) ++place;
      return place;
    }
    if (places_.empty()) {
      for (std::uint32_t place = 0; place < count; ++place)
        places_.emplace(source_.id(batch_.deliveries[place].item), place);
    }
    const auto found = places_.find(name);
    return found == places_.end() ? count : found->second;
  }

 private:
  static constexpr std::uint32_t kFew = 16;

  const EventSource& source_;
  const Batch& batch_;
  std::unordered_map<std::string_view, std::uint32_t> places_;
};

std::string first_line_of_error(std::string_view body) {
  nlohmann::json error;
  if (!json::parse(body, kDeepestAnswer, error)) return "a function error";
  const std::string* type = json::string_member(error, "errorType");
  const std::string* message = json::string_member(error, "errorMessage");
  if (type == nullptr) return message == nullptr ? "a function error" : *message;
  return message == nullptr ? *type : *type + ": " + *message;
}

}  // namespace

void read_answer(const EventSource& source, const Batch& batch, const Reply& reply, Verdict& verdict) {
  verdict.clear();
  if (reply.throttled) {
    verdict.kind = Verdict::Kind::throttled;
    return;
  }
  if (reply.function_error) {
    fail(verdict, reply.body.empty() ? "a function error" : first_line_of_error(reply.body));
    verdict.function_error = true;
    return;
  }
  if (!source.reports_failures() || !events::takes_batch_failures(source.service())) return;
  if (plainly_names_nobody(reply.body)) return;
  nlohmann::json answer;
  if (!json::parse(reply.body, kDeepestAnswer, answer)) return fail(verdict, "the answer is not valid JSON");
  events::NamedFailures failures = events::named_failures(source.service(), answer);
  if (!failures.fault.empty()) return fail(verdict, std::move(failures.fault));
  Places places(source, batch);
  for (const std::string& name : failures.names) {
    const std::uint32_t place = places.of(name);
    if (place == batch.deliveries.size()) {
      return fail(verdict, "the answer names \"" + name + "\", which is no record of the batch");
    }
    verdict.failed.push_back(place);
  }
  std::sort(verdict.failed.begin(), verdict.failed.end());
  verdict.failed.erase(std::unique(verdict.failed.begin(), verdict.failed.end()), verdict.failed.end());
}

std::string misspelt_failures(std::string_view body) {
  constexpr std::string_view kMeant = "batchitemfailures";
  constexpr std::size_t kNear = 3;
  nlohmann::json answer;
  if (plainly_names_nobody(body) || !json::parse(body, kDeepestAnswer, answer) || !answer.is_object()) return "";
  if (answer.contains("batchItemFailures")) return "";
  for (const auto& [key, value] : answer.items()) {
    if (key.size() > 2 * kMeant.size()) continue;
    std::string lower;
    for (const char c : key) {
      if (c != '_' && c != '-') lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    if (text::edit_distance(lower, kMeant) <= kNear) {
      return "the answer has \"" + key +
             "\", which the service does not know: it counts as a success of the whole batch; "
             "\"batchItemFailures\" is meant?";
    }
  }
  return "";
}

}  // namespace textlambda::sources
