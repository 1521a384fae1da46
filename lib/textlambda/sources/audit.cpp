#include "textlambda/sources/audit.h"

#include <algorithm>

#include <fmt/format.h>

namespace textlambda::sources {
namespace {

bool stands_settled(const EventSource& source, Item item) { return is_settled(source.books().standing(item)); }

std::string about(const EventSource& source, Item item, std::string_view what) {
  return fmt::format("message {} ({}) {}", item, source.id(item), what);
}

}  // namespace

void Audit::restart(const EventSource& source) {
  seen_.assign(source.size(), Seen());
  for (Order& order : orders_) {
    order.items.clear();
    order.open = order.cursor = 0;
    order.batch = 0;
  }
  batches_ = 0;
}

// A schedule has more and more messages, which nobody feeds.
void Audit::grow(std::size_t messages) {
  while (seen_.size() < messages) seen_.emplace_back().fed = true;
}

std::string Audit::fed(const EventSource& source, Item item) {
  grow(source.size());
  const Standing standing = source.books().standing(item);
  if (standing == Standing::unfed) {
    // A stream is read from a position on.
    return source.source_class() == SourceClass::stream ? "" : about(source, item, "was fed and is in no book");
  }
  Seen& seen = seen_[item];
  seen.fed = true;
  if (standing == Standing::succeeded) return about(source, item, "counts as succeeded before anybody had it");
  const std::uint32_t number = source.order_of(item);
  if (number == kNoOrder || standing != Standing::waiting) return "";
  if (orders_.size() <= number) orders_.resize(number + std::size_t{1});
  seen.place = static_cast<std::uint32_t>(orders_[number].items.size());
  orders_[number].items.push_back(item);
  return "";
}

// Messages of one order are to be handed out as they were fed, those apart that are settled.
std::string Audit::out_of_order(const EventSource& source, Item item) {
  const std::uint32_t number = source.order_of(item);
  if (number == kNoOrder) return "";
  Order& order = orders_[number];
  while (order.open < order.items.size() && stands_settled(source, order.items[order.open])) ++order.open;
  if (order.batch != batches_) {
    order.batch = batches_;
    order.cursor = order.open;
  }
  while (order.cursor < order.items.size() && stands_settled(source, order.items[order.cursor])) ++order.cursor;
  if (order.cursor == order.items.size()) return about(source, item, "is handed out, and was never fed");
  const Item expected = order.items[order.cursor++];
  if (expected == item) return "";
  return about(source, item,
               fmt::format("is handed out before message {} ({}), which comes first", expected, source.id(expected)));
}

std::string Audit::handed_out(const EventSource& source, const Batch& batch) {
  grow(source.size());
  ++batches_;
  if (batch.deliveries.empty()) return "a batch without a message was handed out";
  for (const Delivery& delivery : batch.deliveries) {
    Seen& seen = seen_[delivery.item];
    const Standing standing = source.books().standing(delivery.item);
    if (!seen.fed) return about(source, delivery.item, "is handed out, and was never fed");
    if (standing != Standing::in_flight) {
      return about(source, delivery.item, fmt::format("is handed out, and stands as {}", standing_name(standing)));
    }
    if (source.source_class() != SourceClass::queue && seen.running > 0) {
      return about(source, delivery.item, "is handed out while a function has it");
    }
    ++seen.running;
    seen.receives = std::max(seen.receives, delivery.receive);
    const std::uint32_t limit = source.attempts_before_giving_up();
    if (source.gives_up_at_once() && seen.receives > limit) {
      return about(source, delivery.item, fmt::format("is received {} times, of {}", seen.receives, limit));
    }
    if (std::string fault = out_of_order(source, delivery.item); !fault.empty()) return fault;
  }
  return source.books().wrong_move();
}

std::string Audit::settled(const EventSource& source, const Batch& batch, const Verdict& verdict) {
  // Behind the first failure a stream goes on from there, whatever became of the others.
  const bool to_the_first = source.source_class() == SourceClass::stream;
  auto failed = verdict.failed.begin();
  bool confirms = verdict.kind == Verdict::Kind::answered;
  for (std::uint32_t place = 0; place < batch.deliveries.size(); ++place) {
    Seen& seen = seen_[batch.deliveries[place].item];
    --seen.running;
    if (verdict.kind != Verdict::Kind::throttled) ++seen.invoked;
    const bool named = failed != verdict.failed.end() && *failed == place;
    if (named) ++failed;
    if (named && to_the_first) confirms = false;
    if (confirms && !named) seen.confirmed = true;
  }
  for (const Delivery& delivery : batch.deliveries) {
    if (std::string fault = untrue(source, delivery.item); !fault.empty()) return fault;
  }
  return source.books().wrong_move();
}

// Whether a message stands where nothing that was seen has brought it.
std::string Audit::untrue(const EventSource& source, Item item) const {
  const Seen& seen = seen_[item];
  switch (source.books().standing(item)) {
    case Standing::unfed:
    case Standing::waiting:
    case Standing::in_flight:
    case Standing::filtered:
      return "";
    case Standing::succeeded:
      return seen.confirmed ? "" : about(source, item, "counts as succeeded, and no answer said so");
    case Standing::dropped:
      if (source.source_class() == SourceClass::queue) return "";  // for its age
      break;
    case Standing::dead_lettered:
      break;
  }
  const std::uint32_t limit = source.attempts_before_giving_up();
  const std::uint32_t attempts = source.source_class() == SourceClass::queue ? seen.receives : seen.invoked;
  if (attempts >= limit) return "";
  return about(source, item, fmt::format("was given up after {} of {} attempts", attempts, limit));
}

std::string Audit::ended(const EventSource& source, bool at_rest) const {
  if (std::string fault = source.books().balance(); !fault.empty()) return fault;
  if (const std::uint64_t running = source.books().counts().running; at_rest && running > 0) {
    return fmt::format("running = {}, but no function has anything", running);
  }
  for (Item item = 0; item < seen_.size(); ++item) {
    if (!seen_[item].fed) continue;
    if (std::string fault = untrue(source, item); !fault.empty()) return fault;
    const Standing standing = source.books().standing(item);
    if (at_rest && !is_settled(standing)) {
      return about(source, item, fmt::format("is {}, and nothing will bring it again", standing_name(standing)));
    }
  }
  return "";
}

}  // namespace textlambda::sources
