#include "textlambda/sources/source_spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/io/error.h"
#include "textlambda/sources/asynchronous_events.h"
#include "textlambda/sources/message_file.h"
#include "textlambda/sources/sqs_queue.h"
#include "textlambda/sources/stream.h"
#include "textlambda/text/edit_distance.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::sources {
namespace {

constexpr std::array<std::string_view, 6> kKindNames = {"sqs", "kinesis", "dynamodb", "kafka", "schedule", "events"};

constexpr unsigned bit(SourceKind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr unsigned kQueues = bit(SourceKind::sqs);
constexpr unsigned kStreams = bit(SourceKind::kinesis) | bit(SourceKind::dynamodb) | bit(SourceKind::kafka);
constexpr unsigned kShardedStreams = bit(SourceKind::kinesis) | bit(SourceKind::dynamodb);
constexpr unsigned kSchedules = bit(SourceKind::schedule);
constexpr unsigned kEventLists = bit(SourceKind::events);
constexpr unsigned kAsynchronous = kSchedules | kEventLists;

// What all options come to, whatever the kind.
struct Settings {
  SqsOptions sqs;
  StreamOptions stream;
  AsynchronousOptions asynchronous;
  std::string dead_letters;
  std::string filter;
  std::optional<bool> fifo;
  std::uint64_t times = 0;
  std::optional<Nanoseconds> first;
  bool recorded_pace = false;
};

// The value of an option, for messages about it.
struct OptionValue {
  std::string_view name;
  std::string_view text;

  [[noreturn]] void refuse(std::string_view expected) const {
    io::throw_usage(fmt::format("{}={}: expected {}", name, text, expected));
  }

  std::uint32_t count() const {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) refuse("a whole number from 0 on");
    return value;
  }

  Nanoseconds seconds() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || !std::isfinite(value) || value < 0 || value > 1e8) refuse("seconds, from 0 on");
    return static_cast<Nanoseconds>(value * 1e9);
  }

  bool yes_or_no() const {
    if (text != "yes" && text != "no") refuse("yes or no");
    return text == "yes";
  }

  std::string name_of_something() const {
    if (text.empty()) refuse("a name");
    return std::string(text);
  }
};

void set_start(Settings& settings, const OptionValue& value) {
  if (value.text == "trim-horizon") {
    settings.stream.start = StartingPosition::trim_horizon;
  } else if (value.text == "latest") {
    settings.stream.start = StartingPosition::latest;
  } else if (const std::optional<std::int64_t> time = text::parse_rfc3339(value.text)) {
    settings.stream.start = StartingPosition::at_timestamp;
    settings.stream.start_time = *time * kMillisecond;
  } else {
    value.refuse("trim-horizon, latest or a time such as 2026-01-02T03:04:05Z");
  }
}

struct OptionRow {
  std::string_view name;
  std::string_view value;  // as help calls it
  unsigned kinds;
  std::string_view help;
  void (*set)(Settings& settings, const OptionValue& value);
};

constexpr OptionRow kOptions[] = {
    {"batch", "N", kQueues | kStreams, "messages of a batch at most [10; of streams 100]",
     [](Settings& s, const OptionValue& v) { s.sqs.batch_size = s.stream.batch_size = v.count(); }},
    {"window", "SECONDS", kQueues | kStreams, "how long a batch that is not full waits [0]",
     [](Settings& s, const OptionValue& v) { s.sqs.batching_window = s.stream.batching_window = v.seconds(); }},
    {"visibility", "SECONDS", kQueues, "the visibility timeout [30]",
     [](Settings& s, const OptionValue& v) { s.sqs.visibility_timeout = v.seconds(); }},
    {"max-receive", "N", kQueues, "receives before a message is a dead letter [0: never]",
     [](Settings& s, const OptionValue& v) { s.sqs.max_receive_count = v.count(); }},
    {"dead-letters", "FILE", kQueues, "where dead letters go, a line each",
     [](Settings& s, const OptionValue& v) { s.dead_letters = v.name_of_something(); }},
    {"retention", "SECONDS", kQueues, "the age at which the queue drops a message [345600]",
     [](Settings& s, const OptionValue& v) { s.sqs.retention = v.seconds(); }},
    {"pollers", "N", kQueues | kAsynchronous, "batches at a time [5; of events 10]",
     [](Settings& s, const OptionValue& v) { s.sqs.pollers = s.asynchronous.pollers = v.count(); }},
    {"fifo", "yes|no", kQueues, "a FIFO queue [yes, where every message has a group]",
     [](Settings& s, const OptionValue& v) { s.fifo = v.yes_or_no(); }},
    {"queue", "NAME", kQueues, "its name, in ARNs [messages]",
     [](Settings& s, const OptionValue& v) { s.sqs.queue = v.name_of_something(); }},
    {"shards", "N", kShardedStreams, "shards of the stream [1]",
     [](Settings& s, const OptionValue& v) { s.stream.shards = v.count(); }},
    {"partitions", "N", bit(SourceKind::kafka), "partitions of a topic [1]",
     [](Settings& s, const OptionValue& v) { s.stream.shards = v.count(); }},
    {"parallel", "N", kShardedStreams, "batches of a shard at a time [1]",
     [](Settings& s, const OptionValue& v) { s.stream.parallelization = v.count(); }},
    {"retries", "N", kStreams | kAsynchronous, "retries before it is given up [without end; of events 2]",
     [](Settings& s, const OptionValue& v) {
       s.asynchronous.retries = v.count();
       s.stream.max_retries = v.count();
     }},
    {"max-age", "SECONDS", kStreams | kAsynchronous, "the age at which it is given up [none; of events 21600]",
     [](Settings& s, const OptionValue& v) {
       s.asynchronous.max_age = v.seconds();
       s.stream.max_record_age = v.seconds();
     }},
    {"bisect", "yes|no", kStreams, "BisectBatchOnFunctionError [no]",
     [](Settings& s, const OptionValue& v) { s.stream.bisect = v.yes_or_no(); }},
    {"on-failure", "FILE", kStreams | kAsynchronous, "where records of what is given up go, a line each",
     [](Settings& s, const OptionValue& v) {
       s.dead_letters = v.name_of_something();
       s.stream.has_destination = s.asynchronous.has_destination = true;
     }},
    {"start", "POSITION", kStreams, "trim-horizon, latest or a time [trim-horizon]", set_start},
    {"stream", "NAME", kStreams, "its name, the table's or cluster's [messages]",
     [](Settings& s, const OptionValue& v) { s.stream.stream = v.name_of_something(); }},
    {"failures", "yes|no", kQueues | kStreams, "ReportBatchItemFailures [yes]",
     [](Settings& s, const OptionValue& v) { s.sqs.report_failures = s.stream.report_failures = v.yes_or_no(); }},
    {"filter", "FILE", kQueues | kStreams, "FilterCriteria: what matches none is left out",
     [](Settings& s, const OptionValue& v) { s.filter = v.name_of_something(); }},
    {"times", "N", kSchedules, "how often it is due before it ends [0: without end]",
     [](Settings& s, const OptionValue& v) { s.times = v.count(); }},
    {"first", "SECONDS", kSchedules, "when it is due for the first time, to try it [as the schedule says]",
     [](Settings& s, const OptionValue& v) { s.first = v.seconds(); }},
    {"pace", "recorded|none", kEventLists, "recorded: as far apart as they were [none: all at once]",
     [](Settings& s, const OptionValue& v) {
       if (v.text != "recorded" && v.text != "none") v.refuse("recorded or none");
       s.recorded_pace = v.text == "recorded";
     }},
};

std::string kinds_text(unsigned kinds) {
  std::string text;
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if ((kinds & (1U << i)) != 0) text.append(text.empty() ? "" : ", ").append(kKindNames[i]);
  }
  return text;
}

const OptionRow& option_row(SourceKind kind, std::string_view name) {
  std::string known;
  std::string_view nearest;
  std::size_t distance = 3;
  for (const OptionRow& row : kOptions) {
    if ((row.kinds & bit(kind)) == 0) continue;
    if (row.name == name) return row;
    known.append(known.empty() ? "" : ", ").append(row.name);
    if (const std::size_t d = text::edit_distance(row.name, name); d < distance) {
      distance = d;
      nearest = row.name;
    }
  }
  const std::string suggestion = nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
  io::throw_usage(fmt::format("\"{}\" is no option of {}: expected {}{}", name, kind_name(kind), known, suggestion));
}

// Commas in parentheses, as cron expressions have them, separate nothing.
std::vector<std::string_view> separated(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] == ',' && depth <= 0) {
      pieces.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

bool all_have_a_group(const Messages& messages) {
  return std::all_of(messages.begin(), messages.end(), [](const Message& message) { return !message.key.empty(); });
}

// As far behind the first as they were recorded.
std::vector<Nanoseconds> recorded_pace(const Messages& messages, const std::string& path) {
  std::vector<Nanoseconds> after;
  std::int64_t first = INT64_MAX;
  for (const Message& message : messages) {
    if (!message.time_ms) io::throw_input(fmt::format("pace=recorded: {} has no time", message.id), path);
    first = std::min(first, *message.time_ms);
  }
  for (const Message& message : messages) after.push_back((*message.time_ms - first) * kMillisecond);
  if (!std::is_sorted(after.begin(), after.end())) {
    // They are fed in order.
    for (std::size_t i = 1; i < after.size(); ++i) after[i] = std::max(after[i], after[i - 1]);
  }
  return after;
}

// Some of them, or all.
void keep(OpenSource& open, Messages&& messages, std::size_t most) {
  if (most > 0 && messages.size() > most) messages.resize(most);
  open.messages = std::make_unique<Messages>(std::move(messages));
}

std::unique_ptr<EventSource> make_stream(OpenSource& open, Settings& settings, StreamKind kind, Nanoseconds start,
                                         std::size_t most) {
  settings.stream.kind = kind;
  if (settings.stream.start == StartingPosition::latest) settings.stream.start_time = start;
  keep(open, read_stream(kind, open.spec.what, settings.stream.shards), most);
  return std::make_unique<Stream>(settings.stream, *open.messages);
}

std::unique_ptr<EventSource> make_queue(OpenSource& open, Settings& settings, Messages&& messages, std::size_t most) {
  keep(open, std::move(messages), most);
  settings.sqs.fifo = settings.fifo.value_or(all_have_a_group(*open.messages));
  if (settings.sqs.fifo && !settings.sqs.queue.ends_with(".fifo")) settings.sqs.queue += ".fifo";
  return std::make_unique<SqsQueue>(settings.sqs, *open.messages);
}

std::unique_ptr<EventSource> make_source(OpenSource& open, Settings& settings, Nanoseconds start, std::size_t most) {
  switch (open.spec.kind) {
    case SourceKind::sqs:
      return make_queue(open, settings, read_queue(open.spec.what), most);
    case SourceKind::kinesis:
      return make_stream(open, settings, StreamKind::kinesis, start, most);
    case SourceKind::dynamodb:
      return make_stream(open, settings, StreamKind::dynamodb, start, most);
    case SourceKind::kafka:
      return make_stream(open, settings, StreamKind::kafka, start, most);
    case SourceKind::schedule:
      return std::make_unique<ScheduledEvents>(settings.asynchronous, Schedule(open.spec.what), open.spec.function,
                                               start, settings.times == 0 ? most : settings.times, settings.first);
    case SourceKind::events:
      keep(open, read_events(open.spec.what), most);
      if (settings.recorded_pace) open.feed_after = recorded_pace(*open.messages, open.spec.what);
      return std::make_unique<AsynchronousEvents>(settings.asynchronous, *open.messages);
  }
  return nullptr;
}

// All but the source itself.
OpenSource prepare(const SourceSpec& spec, Settings& settings) {
  OpenSource open;
  open.spec = spec;
  for (Account* const account : {&settings.sqs.account, &settings.stream.account, &settings.asynchronous.account}) {
    *account = spec.account;
    account->function = spec.function;
  }
  for (const auto& [name, value] : spec.options) option_row(spec.kind, name).set(settings, {name, value});
  if (!settings.filter.empty()) {
    const archive::InputBytes criteria = archive::InputBytes::open(settings.filter);
    open.filters = std::make_unique<Filters>(criteria.view(), settings.filter);
    settings.sqs.filters = settings.stream.filters = open.filters.get();
  }
  open.dead_letters = settings.dead_letters;
  if (spec.kind == SourceKind::sqs && !settings.dead_letters.empty() && settings.sqs.max_receive_count == 0) {
    io::throw_usage("dead-letters needs max-receive: how often a message is received before it is one");
  }
  if (!open.dead_letters.empty() && open.dead_letters == spec.what) {
    io::throw_usage(fmt::format("{}: what is given up would be appended to what is read", open.dead_letters));
  }
  return open;
}

}  // namespace

std::string_view kind_name(SourceKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

SourceSpec parse_source(std::string_view text) {
  constexpr std::string_view kExpected = "expected NAME=KIND:WHAT, such as orders=sqs:orders.jsonl,batch=10";
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.find(':', equals == std::string_view::npos ? text.size() : equals);
  if (equals == 0 || colon == std::string_view::npos) io::throw_usage(fmt::format("\"{}\": {}", text, kExpected));
  SourceSpec spec;
  spec.text = text;
  spec.function = text.substr(0, equals);
  const std::string_view kind = text.substr(equals + 1, colon - equals - 1);
  const auto known = std::find(kKindNames.begin(), kKindNames.end(), kind);
  if (known == kKindNames.end()) {
    io::throw_usage(fmt::format("\"{}\": \"{}\" is no kind of source: expected {}", text, kind, kinds_text(~0U)));
  }
  spec.kind = static_cast<SourceKind>(known - kKindNames.begin());
  const std::vector<std::string_view> pieces = separated(text.substr(colon + 1));
  spec.what = pieces[0];
  if (spec.what.empty()) io::throw_usage(fmt::format("\"{}\": {}", text, kExpected));
  if (spec.kind == SourceKind::schedule) Schedule checked(spec.what);
  Settings settings;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::size_t sign = std::min(pieces[i].find('='), pieces[i].size());
    const std::string_view name = pieces[i].substr(0, sign);
    const std::string_view value = pieces[i].substr(std::min(sign + 1, pieces[i].size()));
    const OptionRow& row = option_row(spec.kind, name);
    row.set(settings, {name, value});
    const bool twice =
        std::any_of(spec.options.begin(), spec.options.end(), [&](const auto& option) { return option.first == name; });
    if (twice) io::throw_usage(fmt::format("\"{}\": {} is given twice", text, name));
    spec.options.emplace_back(name, value);
  }
  return spec;
}

std::string option_help() {
  std::string text;
  for (const OptionRow& row : kOptions) {
    std::string kinds;
    // Several kinds by one word.
    for (const auto& [word, several] : {std::pair("queues", kQueues), std::pair("streams", kStreams),
                                        std::pair("schedules", kSchedules), std::pair("events", kEventLists)}) {
      if ((row.kinds & several) == several) kinds.append(kinds.empty() ? "" : ", ").append(word);
    }
    if (kinds.empty()) kinds = kinds_text(row.kinds);
    text += fmt::format("  {:<20} {:<27} {}\n", fmt::format("{}={}", row.name, row.value), kinds, row.help);
  }
  return text;
}

OpenSource open_source(const SourceSpec& spec, Nanoseconds start, std::size_t most) {
  Settings settings;
  OpenSource open = prepare(spec, settings);
  open.source = make_source(open, settings, start, most);
  return open;
}

OpenSource open_queue(const SourceSpec& spec, Messages messages) {
  Settings settings;
  OpenSource open = prepare(spec, settings);
  open.source = make_queue(open, settings, std::move(messages), 0);
  return open;
}

}  // namespace textlambda::sources
