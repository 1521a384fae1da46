// textlambda-models: what a store of models holds, and what happened to it; another current model, or fewer models.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/result.h"
#include "textlambda/model/model_file.h"
#include "textlambda/store/model_store.h"
#include "textlambda/text/count.h"
#include "textlambda/text/timestamp.h"

#include "command/command.h"
#include "command/figures.h"

namespace {

using namespace textlambda;
using nlohmann::json;
using store::Action;
using store::LedgerEntry;
using store::ModelStore;

constexpr const char* kExamples =
    "  textlambda-models models\n"
    "  textlambda-models models --ledger\n"
    "  textlambda-models models --rollback\n"
    "  textlambda-models models --prune 10";

struct Arguments {
  std::string store;
  bool ledger = false;
  std::string rollback;
  std::optional<int> prune;
};

// The round that made a model, the newest there is.
const LedgerEntry* round_of(const std::vector<LedgerEntry>& ledger, const std::string& id) {
  const auto found = std::find_if(ledger.rbegin(), ledger.rend(), [&](const LedgerEntry& entry) {
    return entry.action == Action::round && entry.candidate == id;
  });
  return found == ledger.rend() ? nullptr : &*found;
}

std::string name_of(const std::string& id) { return id.empty() ? "none" : id; }

int list(const command::Command& command, const ModelStore& models) {
  const store::StoreState state = models.look();
  const std::string& current = state.current;
  const std::vector<LedgerEntry>& ledger = state.ledger;
  json rows = json::array();
  std::string text;
  for (const store::StoredModel& model : models.models()) {
    const LedgerEntry* const round = round_of(ledger, model.id);
    const bool is_current = model.id == current;
    rows.push_back({{"id", model.id},
                    {"bytes", model.bytes},
                    {"written", text::rfc3339(model.written_ms)},
                    {"current", is_current},
                    {"documents", round == nullptr ? json(nullptr) : json(round->documents)},
                    {"test_accuracy", round == nullptr ? json(nullptr) : json(round->test_accuracy)}});
    text += fmt::format("{} {}  {}  {:>9}", is_current ? "*" : " ", model.id, text::rfc3339_seconds(model.written_ms),
                        command::bytes_text(model.bytes));
    if (round != nullptr) {
      text += fmt::format("  {} · test accuracy {}", text::counted(round->documents, "document"),
                          command::percent(round->test_accuracy));
    }
    text += '\n';
  }
  if (!state.fault.empty()) command.note(fmt::format("{}/current: {}", models.path(), state.fault));
  if (command.json()) {
    command::print(textlambda::json::result_text(
        {{"current", current.empty() ? json(nullptr) : json(current)}, {"models", std::move(rows)}}));
  } else {
    command::print_text(text.empty() ? "no models yet\n" : text);
  }
  return command::kDone;
}

int show_ledger(const command::Command& command, const ModelStore& models) {
  const std::vector<LedgerEntry> ledger = models.look().ledger;
  if (command.json()) {
    json entries = json::array();
    for (const LedgerEntry& entry : ledger) entries.push_back(json::parse(store::to_json(entry)));
    command::print(textlambda::json::result_text({{"entries", std::move(entries)}}));
    return command::kDone;
  }
  std::string text;
  for (const LedgerEntry& entry : ledger) {
    const std::string what(entry.action == Action::round ? store::outcome_name(entry.outcome)
                                                         : store::action_name(entry.action));
    text += fmt::format("{}  {:<12}  {} → {}", entry.at, what, name_of(entry.from), name_of(entry.to));
    if (!entry.event.empty()) text += fmt::format("  {}", entry.event);
    if (!entry.removed.empty()) text += fmt::format("  {} removed", text::counted(entry.removed.size(), "model"));
    if (!entry.reason.empty()) text += fmt::format("  {}", entry.reason);
    text += '\n';
  }
  command::print_text(text.empty() ? "nothing has happened yet\n" : text);
  return command::kDone;
}

// The one that the current one took the place of, when it did so last.
std::string model_before(const ModelStore& models, const std::vector<LedgerEntry>& ledger, const std::string& current) {
  const auto found = std::find_if(ledger.rbegin(), ledger.rend(), [&](const LedgerEntry& entry) {
    return entry.to == current && entry.from != current;
  });
  if (found == ledger.rend() || found->from.empty()) {
    io::throw_input("no model was current before this one: --rollback ID names one", models.path());
  }
  return found->from;
}

int roll_back(const command::Command& command, const ModelStore& models, const std::string& wanted) {
  const auto lock = models.lock();
  const store::StoreState state = models.reconcile();
  LedgerEntry entry;
  entry.action = Action::rollback;
  entry.from = state.current;
  entry.to = wanted == "previous" ? model_before(models, state.ledger, entry.from) : models.find(wanted);
  if (entry.to == entry.from) io::throw_usage(fmt::format("--rollback: {} is the current model", entry.to));
  model::ModelFile::open(models.model_path(entry.to));  // one that is damaged or gone answers nothing
  if (!models.commit(state, entry)) io::throw_input("was changed by another run just now: try again", models.path());
  if (command.json()) {
    command::print(textlambda::json::result_text({{"from", entry.from}, {"to", entry.to}}));
  } else {
    command::print_text(fmt::format("current  {} → {}\n", name_of(entry.from), entry.to));
  }
  return command::kDone;
}

int prune(const command::Command& command, const ModelStore& models, int kept) {
  if (kept < 1) io::throw_usage(fmt::format("--prune: {} given, expected how many models to keep, at least 1", kept));
  const auto lock = models.lock();
  LedgerEntry entry;
  entry.action = Action::prune;
  entry.from = models.reconcile().current;
  entry.to = entry.from;
  entry.removed = models.prune(static_cast<std::size_t>(kept));
  if (!entry.removed.empty()) models.record(entry);
  if (command.json()) {
    command::print(textlambda::json::result_text({{"removed", entry.removed}}));
  } else {
    command::print_text(fmt::format("{} removed\n", text::counted(entry.removed.size(), "model")));
  }
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-models", "Shows a store of models, moves its current model, removes old ones.",
                           kExamples);
  Arguments arguments;
  command::Options& options = command.options();
  options.add_option("store", arguments.store, "The store of models, a folder or s3://BUCKET/PREFIX")
      .required()
      .option_text("STORE");
  const command::Option ledger = options.add_flag("--ledger", arguments.ledger, "Show what happened, the newest last");
  const command::Option rollback =
      options.add_option("--rollback", arguments.rollback, "Make the model before, or that of an id, the current one")
          .option_text("[ID]")
          .expected(0, 1);
  const command::Option removal =
      options
          .add_option("--prune", arguments.prune,
                      "Keep the N newest models, the current one, and those that are served")
          .option_text("N");
  ledger.excludes(rollback).excludes(removal);
  rollback.excludes(removal);
  command.add_json_flag("Print one JSON object");
  return command.run(argc, argv, [&] {
    const ModelStore models = ModelStore::open(arguments.store);
    if (arguments.ledger) return show_ledger(command, models);
    if (options.count("--rollback") > 0) {
      return roll_back(command, models, arguments.rollback.empty() ? "previous" : arguments.rollback);
    }
    if (arguments.prune) return prune(command, models, *arguments.prune);
    return list(command, models);
  });
}
