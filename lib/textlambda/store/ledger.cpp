#include "textlambda/store/ledger.h"

#include <array>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/io/line_file.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/json/document.h"

namespace textlambda::store {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Action, std::string_view>, 4> kActions{
    {{Action::round, "round"}, {Action::rollback, "rollback"}, {Action::prune, "prune"}, {Action::found, "found"}}};
constexpr std::array<std::pair<Outcome, std::string_view>, 6> kOutcomes{{{Outcome::none, ""},
                                                                         {Outcome::promoted, "promoted"},
                                                                         {Outcome::unchanged, "unchanged"},
                                                                         {Outcome::refused, "refused"},
                                                                         {Outcome::inconclusive, "inconclusive"},
                                                                         {Outcome::outdated, "outdated"}}};

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [named, name] : names) {
    if (named == value) return name;
  }
  return "";
}

template <typename Value, typename Names>
std::optional<Value> value_in(const Names& names, std::string_view name) {
  for (const auto& [value, named] : names) {
    if (named == name) return value;
  }
  return std::nullopt;
}

// Members of one entry: what is missing is empty, what has another type is no entry.
class EntryReader {
 public:
  explicit EntryReader(const json& object) : object_(object) {}

  std::string text(const char* name) {
    const json* const value = member(name);
    if (value == nullptr) return "";
    if (!value->is_string()) return fail(name, "a string"), "";
    return value->get<std::string>();
  }
  double number(const char* name) {
    const json* const value = member(name);
    if (value == nullptr) return 0;
    if (!value->is_number()) return fail(name, "a number"), 0;
    return value->get<double>();
  }
  std::uint64_t count(const char* name) {
    const json* const value = member(name);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned()) return fail(name, "a whole number"), 0;
    return value->get<std::uint64_t>();
  }
  const json* list(const char* name) {
    const json* const value = member(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) return fail(name, "an array"), nullptr;
    return value;
  }
  void fail(const char* name, std::string_view expected) {
    if (flaw_.empty()) flaw_ = fmt::format("\"{}\": expected {}", name, expected);
  }
  const std::string& flaw() const { return flaw_; }

 private:
  const json* member(const char* name) const {
    const json* const value = textlambda::json::member(object_, name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  const json& object_;
  std::string flaw_;
};

LedgerCheck read_check(EntryReader read) {
  LedgerCheck check;
  check.metric = read.text("metric");
  check.before = read.number("before");
  check.after = read.number("after");
  check.low = read.number("low");
  check.high = read.number("high");
  check.margin = read.number("margin");
  check.verdict = read.text("verdict");
  return check;
}

// The flaw, or empty.
std::string read_entry(const json& object, LedgerEntry& entry) {
  if (!object.is_object()) return "expected a JSON object";
  EntryReader read(object);
  entry.at = read.text("at");
  const std::optional<Action> action = value_in<Action>(kActions, read.text("action"));
  const std::optional<Outcome> outcome = value_in<Outcome>(kOutcomes, read.text("outcome"));
  if (!action) read.fail("action", "round, rollback, prune or found");
  if (!outcome) read.fail("outcome", "promoted, unchanged, refused, inconclusive or outdated");
  entry.action = action.value_or(Action::round);
  entry.outcome = outcome.value_or(Outcome::none);
  entry.event = read.text("event");
  entry.from = read.text("from");
  entry.to = read.text("to");
  entry.candidate = read.text("candidate");
  entry.reason = read.text("reason");
  entry.corpus_sha256 = read.text("corpus_sha256");
  entry.documents = read.count("documents");
  entry.left_out = read.count("left_out");
  entry.feedback = read.count("feedback");
  entry.test_sha256 = read.text("test_sha256");
  entry.test_rows = read.count("test_rows");
  entry.test_use = read.count("test_use");
  entry.alpha = read.number("alpha");
  entry.rules = read.text("rules");
  entry.training_loss = read.number("training_loss");
  entry.training_accuracy = read.number("training_accuracy");
  entry.test_accuracy = read.number("test_accuracy");
  entry.seconds = read.number("seconds");
  if (const json* const checks = read.list("checks"); checks != nullptr) {
    for (const json& check : *checks) entry.checks.push_back(read_check(EntryReader(check)));
  }
  if (const json* const removed = read.list("removed"); removed != nullptr) {
    for (const json& model : *removed) {
      if (!model.is_string()) read.fail("removed", "names of models");
      if (model.is_string()) entry.removed.push_back(model.get<std::string>());
    }
  }
  return read.flaw();
}

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

}  // namespace

std::string_view action_name(Action action) { return name_in(kActions, action); }
std::string_view outcome_name(Outcome outcome) { return name_in(kOutcomes, outcome); }

std::string to_json(const LedgerEntry& entry) {
  json object = {{"at", entry.at},
                 {"action", action_name(entry.action)},
                 {"from", or_null(entry.from)},
                 {"to", or_null(entry.to)}};
  if (!entry.reason.empty()) object["reason"] = entry.reason;
  if (!entry.event.empty()) object["event"] = entry.event;
  if (entry.action == Action::round) {
    object["candidate"] = or_null(entry.candidate);
    object["outcome"] = outcome_name(entry.outcome);
    object["corpus_sha256"] = entry.corpus_sha256;
    object["documents"] = entry.documents;
    object["left_out"] = entry.left_out;
    object["feedback"] = entry.feedback;
    object["test_sha256"] = entry.test_sha256;
    object["test_rows"] = entry.test_rows;
    object["test_use"] = entry.test_use;
    object["alpha"] = entry.alpha;
    object["rules"] = entry.rules;
    object["training_loss"] = entry.training_loss;
    object["training_accuracy"] = entry.training_accuracy;
    object["test_accuracy"] = entry.test_accuracy;
    object["seconds"] = entry.seconds;
    json checks = json::array();
    for (const LedgerCheck& check : entry.checks) {
      checks.push_back({{"metric", check.metric},
                        {"before", check.before},
                        {"after", check.after},
                        {"low", check.low},
                        {"high", check.high},
                        {"margin", check.margin},
                        {"verdict", check.verdict}});
    }
    object["checks"] = std::move(checks);
  }
  if (entry.action == Action::prune) object["removed"] = entry.removed;
  return textlambda::json::compact(object);
}

std::vector<LedgerEntry> parse_ledger(std::string_view bytes, const std::string& name) {
  std::vector<LedgerEntry> entries;
  for (std::uint64_t line = 1; !bytes.empty(); ++line) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) break;  // cut off
    json object;
    LedgerEntry entry;
    std::string flaw = textlambda::json::read(bytes.substr(0, end), {}, object);
    if (flaw.empty()) flaw = read_entry(object, entry);
    if (!flaw.empty()) io::throw_input(fmt::format("no entry of a ledger: {}", flaw), name, line);
    entries.push_back(std::move(entry));
    bytes.remove_prefix(end + 1);
  }
  return entries;
}

std::vector<LedgerEntry> read_ledger(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  const io::MappedFile file = io::MappedFile::open(path);
  return parse_ledger(file.view(), path);
}

void append_to_ledger(const std::string& path, const LedgerEntry& entry) {
  io::append_lines(path, to_json(entry) + '\n');
}

}  // namespace textlambda::store
