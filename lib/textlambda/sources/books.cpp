#include "textlambda/sources/books.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/text/count.h"

namespace textlambda::sources {
namespace {

constexpr std::array<std::string_view, 7> kStandingNames = {"unfed",         "waiting", "in flight", "succeeded",
                                                            "dead-lettered", "dropped", "filtered"};

// Rows are the standing before, columns the one after, both in the order of the enumeration.
constexpr std::array<std::array<bool, 7>, 7> kMoves = {{
    {false, true, false, false, false, false, false},   // unfed
    {false, false, true, true, true, true, true},       // waiting
    {false, true, false, true, true, true, true},       // in flight
    {false, false, false, false, false, false, false},  // settled: no way on
    {false, false, false, false, false, false, false},
    {false, false, false, false, false, false, false},
    {false, false, false, false, false, false, false},
}};

struct Column {
  std::string_view title;
  std::string_view key;  // in JSON
  std::uint64_t Counts::*count;
};

constexpr std::array<Column, 15> kColumns = {{
    {"fed", "fed", &Counts::fed},
    {"succeeded", "succeeded", &Counts::succeeded},
    {"dead letters", "dead_lettered", &Counts::dead_lettered},
    {"dropped", "dropped", &Counts::dropped},
    {"filtered", "filtered", &Counts::filtered},
    {"waiting", "waiting", &Counts::waiting},
    {"in flight", "in_flight", &Counts::in_flight},
    {"delivered", "delivered", &Counts::delivered},
    {"again", "redelivered", &Counts::redelivered},
    {"failed", "failed", &Counts::failed},
    {"throttled", "throttled", &Counts::throttled},
    {"late", "late", &Counts::late},
    {"running", "running", &Counts::running},
    {"batches", "batches", &Counts::batches},
    {"received", "received", &Counts::received},
}};

std::string unequal(std::string_view name, std::uint64_t left, std::string_view parts, std::uint64_t right) {
  return left == right ? "" : fmt::format("{} = {}, but {} = {}", name, left, parts, right);
}

}  // namespace

std::string_view standing_name(Standing standing) { return kStandingNames[static_cast<std::size_t>(standing)]; }

void Books::restart(std::size_t messages) {
  entries_.assign(messages, Entry());
  counts_ = {};
  wrong_move_.clear();
}

std::uint64_t& Books::count_of(Standing standing) {
  switch (standing) {
    case Standing::unfed:
      return counts_.fed;
    case Standing::waiting:
      return counts_.waiting;
    case Standing::in_flight:
      return counts_.in_flight;
    case Standing::succeeded:
      return counts_.succeeded;
    case Standing::dead_lettered:
      return counts_.dead_lettered;
    case Standing::dropped:
      return counts_.dropped;
    case Standing::filtered:
      return counts_.filtered;
  }
  return counts_.fed;
}

void Books::move(Item item, Standing to) {
  Entry& entry = entries_[item];
  const Standing from = entry.standing;
  if (!kMoves[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)]) {
    if (wrong_move_.empty()) {
      wrong_move_ = fmt::format("message {} went from {} to {}", item, standing_name(from), standing_name(to));
    }
    return;
  }
  if (from == Standing::unfed) {
    ++counts_.fed;
  } else {
    --count_of(from);
  }
  ++count_of(to);
  entry.standing = to;
}

void Books::receive(Item item) {
  ++counts_.received;
  move(item, Standing::in_flight);
}

void Books::deliver(Item item) {
  Entry& entry = entries_[item];
  if (entry.standing != Standing::in_flight && wrong_move_.empty()) {
    wrong_move_ = fmt::format("message {} was delivered while {}", item, standing_name(entry.standing));
  }
  ++counts_.delivered;
  ++counts_.running;
  if (++entry.delivered > 1) ++counts_.redelivered;
}

void Books::end_attempt(Attempt how) {
  if (counts_.running == 0) {
    if (wrong_move_.empty()) wrong_move_ = "more attempts ended than began";
    return;
  }
  --counts_.running;
  switch (how) {
    case Attempt::succeeded:
      return;  // as a message
    case Attempt::failed:
      ++counts_.failed;
      return;
    case Attempt::throttled:
      ++counts_.throttled;
      return;
    case Attempt::late:
      ++counts_.late;
      return;
  }
}

std::string Books::balance() const {
  if (!wrong_move_.empty()) return wrong_move_;
  std::array<std::uint64_t, kStandingNames.size()> standings{};
  std::uint64_t delivered_once = 0;
  for (const Entry& entry : entries_) {
    ++standings[static_cast<std::size_t>(entry.standing)];
    delivered_once += entry.delivered > 0 ? 1U : 0U;
  }
  const Counts& c = counts_;
  std::string fault = unequal("fed", c.fed, "succeeded + dead-lettered + dropped + filtered + waiting + in flight",
                              c.succeeded + c.dead_lettered + c.dropped + c.filtered + c.waiting + c.in_flight);
  if (fault.empty()) {
    fault = unequal("delivered", c.delivered, "succeeded + failed + throttled + late + running",
                    c.succeeded + c.failed + c.throttled + c.late + c.running);
  }
  if (fault.empty()) {
    fault = unequal("redelivered", c.redelivered, "delivered - messages delivered at least once",
                    c.delivered - delivered_once);
  }
  if (fault.empty()) {
    fault = unequal("fed", c.fed, "messages that are not unfed", entries_.size() - standings[0]);
  }
  constexpr std::array<std::uint64_t Counts::*, kStandingNames.size()> kCounts = {
      &Counts::fed,           &Counts::waiting, &Counts::in_flight, &Counts::succeeded,
      &Counts::dead_lettered, &Counts::dropped, &Counts::filtered};
  for (std::size_t i = 1; i < standings.size() && fault.empty(); ++i) {
    fault = unequal(kStandingNames[i], c.*kCounts[i], "messages that stand there", standings[i]);
  }
  return fault;
}

std::vector<std::pair<std::string_view, std::uint64_t>> event_count_metrics(SourceClass source_class,
                                                                            const Counts& counts) {
  const bool queue = source_class == SourceClass::queue;
  return {{"PolledEventCount", counts.received},
          {"FilteredOutEventCount", counts.filtered},
          {"InvokedEventCount", counts.delivered - counts.throttled},
          {"FailedInvokeEventCount", counts.failed + counts.throttled},
          // A queue moves its dead letters itself.
          {"DroppedEventCount", queue ? 0 : counts.dropped + counts.dead_lettered},
          {"OnFailureDestinationDeliveredEventCount", queue ? 0 : counts.dead_lettered},
          {"DeletedEventCount", queue ? counts.succeeded + counts.filtered : 0}};
}

std::string books_table(const std::vector<BooksRow>& rows) {
  // Columns in which somebody has something, and always the first two.
  std::vector<Column> columns;
  for (const Column& column : kColumns) {
    const bool wanted = columns.size() < 2 || std::any_of(rows.begin(), rows.end(), [&](const BooksRow& row) {
                          return row.counts.*column.count > 0;
                        });
    if (wanted) columns.push_back(column);
  }
  std::size_t widest = 6;
  for (const BooksRow& row : rows) widest = std::max(widest, row.name.size());
  std::string text = fmt::format("  {:<{}}", "source", widest);
  for (const Column& column : columns)
    text += fmt::format("  {:>{}}", column.title, std::max<std::size_t>(7, column.title.size()));
  text += '\n';
  for (const BooksRow& row : rows) {
    text += fmt::format("  {:<{}}", row.name, widest);
    for (const Column& column : columns) {
      text += fmt::format("  {:>{}}", text::grouped(row.counts.*column.count),
                          std::max<std::size_t>(7, column.title.size()));
    }
    text += '\n';
  }
  for (const BooksRow& row : rows) {
    if (!row.fault.empty()) text += fmt::format("  {}: the books do not balance: {}\n", row.name, row.fault);
  }
  return text;
}

std::string books_json(const std::vector<BooksRow>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const BooksRow& row : rows) {
    nlohmann::ordered_json object = {{"source", row.name}};
    for (const Column& column : kColumns) object[std::string(column.key)] = row.counts.*column.count;
    object["balanced"] = row.fault.empty();
    if (!row.fault.empty()) object["fault"] = row.fault;
    nlohmann::ordered_json& metrics = object["metrics"];
    for (const auto& [name, value] : event_count_metrics(row.source_class, row.counts))
      metrics[std::string(name)] = value;
    list.push_back(std::move(object));
  }
  return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace textlambda::sources
