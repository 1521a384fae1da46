#include "textlambda/emulator/mapped_queues.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/file_watch.h"
#include "textlambda/emulator/function_json.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/json/write.h"
#include "textlambda/sources/message_file.h"

namespace textlambda::emulator {
namespace {

using Json = nlohmann::json;

// arn:aws:sqs:REGION:ACCOUNT:NAME
struct QueueArn {
  std::string region;
  std::string account;
  std::string name;
};

// Nothing where it is that of something else.
std::optional<QueueArn> parse_queue_arn(const std::string& arn) {
  std::array<std::string, 6> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 == parts.size() ? arn.size() : arn.find(':', begin);
    if (end == std::string::npos || begin > arn.size()) return std::nullopt;
    parts[i] = arn.substr(begin, end - begin);
    begin = end + 1;
  }
  if (parts[0] != "arn" || parts[2] != "sqs") return std::nullopt;
  return QueueArn{parts[3], parts[4], parts[5]};
}

std::string source_arn(const EventSourceMapping& mapping) {
  return string_field(Json::parse(mapping.json), "EventSourceArn").value_or("");
}

bool reports_failures(const Json& mapping) {
  const Json* const types = json::member(mapping, "FunctionResponseTypes");
  return types != nullptr && types->is_array() &&
         std::find(types->begin(), types->end(), "ReportBatchItemFailures") != types->end();
}

// Whether both are fed alike.
bool is_same(const std::optional<EventSourceMapping>& a, const std::optional<EventSourceMapping>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->uuid == b->uuid && a->function == b->function && a->qualifier == b->qualifier && a->json == b->json;
}

}  // namespace

struct MappedQueues::Queue {
  std::string name;
  sources::SourceSpec spec;   // with the options that are the queue's own
  sources::Messages left;     // that no mapping has
  sources::Messages arrived;  // behind them
  std::size_t read = 0;       // messages of the file
  std::optional<FileWatch> file;
  std::optional<EventSourceMapping> wanted;
  std::optional<EventSourceMapping> fed;
  std::shared_ptr<SourceDriver> driver;  // of `fed`
  bool is_changing = false;
  std::string fault;  // why `fed` is not; empty: it is
};

MappedQueues::MappedQueues(asio::io_context& context, std::string scratch, Invoke invoke, DriverOptions options)
    : context_(context), scratch_(std::move(scratch)), invoke_(std::move(invoke)), options_(std::move(options)) {
  options_.stays = true;
}

MappedQueues::~MappedQueues() = default;

void MappedQueues::add(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    io::throw_usage(fmt::format("--queue {}: expected NAME=FILE, such as orders=orders.jsonl", text));
  }
  std::string name = text.substr(0, equals);
  if (const auto arn = parse_queue_arn(name)) name = arn->name;
  auto queue = std::make_shared<Queue>();
  queue->name = name;
  queue->spec = sources::parse_source(fmt::format("{}=sqs:{}", name, text.substr(equals + 1)));
  for (const auto& [option, value] : queue->spec.options) {
    for (const std::string_view of_mapping : {"batch", "window", "failures", "filter", "queue", "pollers", "fifo"}) {
      if (option != of_mapping) continue;
      io::throw_usage(fmt::format("--queue {}: {} is what the mapping, or the queue's name, says", text, option));
    }
  }
  queue->spec.options.emplace_back("fifo", name.ends_with(".fifo") ? "yes" : "no");
  if (std::any_of(queues_.begin(), queues_.end(), [&](const auto& other) { return other->name == name; })) {
    io::throw_usage(fmt::format("--queue {}: two queues are named {}", text, name));
  }
  queue->file.emplace(std::vector{queue->spec.what});  // before it is read: what comes meanwhile is a change
  sources::OpenSource open = sources::open_queue(queue->spec, sources::read_queue_so_far(queue->spec.what));
  queue->left = std::move(*open.messages);
  queue->read = queue->left.size();
  queues_.push_back(std::move(queue));
}

Awaitable<> MappedQueues::watch() {
  for (;;) {
    const bool goes_on = co_await wait_for(context_, std::chrono::milliseconds(100));
    if (!goes_on) co_return;
    for (const std::shared_ptr<Queue>& queue : queues_) {
      if (!queue->file->has_changed()) continue;
      try {
        read_on(*queue);
      } catch (const io::Error& error) {
        if (options_.note) options_.note(fmt::format("the queue {}: {}", queue->name, error.what()));
      }
    }
  }
}

void MappedQueues::read_on(Queue& queue) {
  sources::Messages all = sources::read_queue_so_far(queue.spec.what);
  sources::Messages more;
  for (std::size_t i = queue.read; i < all.size(); ++i) more.push_back(std::move(all[i]));
  queue.read = all.size();
  const auto has_no_group = [](const sources::Message& message) { return message.key.empty(); };
  if (queue.name.ends_with(".fifo") && std::erase_if(more, has_no_group) > 0 && options_.note) {
    options_.note(fmt::format("the queue {} takes no message without a MessageGroupId", queue.name));
  }
  if (more.empty()) return;
  if (queue.driver && !queue.is_changing) {
    queue.driver->add(std::move(more));
  } else {
    for (sources::Message& message : more) queue.arrived.push_back(std::move(message));
  }
}

void MappedQueues::follow(const Registry& registry) {
  for (const std::shared_ptr<Queue>& queue : queues_) {
    std::optional<EventSourceMapping> found;
    for (const auto& [uuid, mapping] : registry.mappings) {
      const std::optional<QueueArn> arn = parse_queue_arn(source_arn(mapping));
      if (!mapping.enabled || !arn || arn->name != queue->name) continue;
      // The one that has it keeps it.
      if (!found || (queue->fed && queue->fed->uuid == uuid)) found = mapping;
    }
    want(queue, std::move(found));
  }
}

void MappedQueues::want(const std::shared_ptr<Queue>& queue, std::optional<EventSourceMapping> mapping) {
  queue->wanted = std::move(mapping);
  if (queue->is_changing || is_same(queue->wanted, queue->fed)) return;
  queue->is_changing = true;
  asio::co_spawn(context_, change(*this, queue), asio::detached);
}

// What is wanted may change again while the last one comes to its end.
Awaitable<> MappedQueues::change(MappedQueues& self, std::shared_ptr<Queue> queue) {
  while (!is_same(queue->wanted, queue->fed)) {
    if (queue->driver) {
      queue->driver->stop();
      co_await queue->driver->finished();
      queue->left = queue->driver->take_unsettled();
      self.closed_books_.push_back(queue->driver->books());
      queue->driver.reset();
    }
    for (sources::Message& message : queue->arrived) queue->left.push_back(std::move(message));
    queue->arrived.clear();
    queue->fed = queue->wanted;
    queue->fault.clear();
    if (queue->fed) self.begin(*queue);
  }
  queue->is_changing = false;
}

void MappedQueues::begin(Queue& queue) {
  const EventSourceMapping& mapping = *queue.fed;
  const Json json = Json::parse(mapping.json);
  const std::optional<QueueArn> arn = parse_queue_arn(source_arn(mapping));
  sources::SourceSpec spec = queue.spec;
  spec.function = mapping.function;
  spec.account.region = arn->region;
  spec.account.id = arn->account;
  const auto set = [&](const char* option, std::string value) { spec.options.emplace_back(option, std::move(value)); };
  set("queue", queue.name);
  set("batch", std::to_string(json.value("BatchSize", 10)));
  set("window", std::to_string(json.value("MaximumBatchingWindowInSeconds", 0)));
  set("failures", reports_failures(json) ? "yes" : "no");
  if (const Json* const scaling = json::member(json, "ScalingConfig")) {
    if (const auto most = integer_field(*scaling, "MaximumConcurrency", 2, 1000)) set("pollers", std::to_string(*most));
  }
  try {
    if (const Json* const criteria = json::member(json, "FilterCriteria")) {
      const std::string file = fmt::format("{}/filters-{}.json", scratch_, mapping.uuid);
      io::write_file(file, json::compact(*criteria));
      set("filter", file);
    }
    DriverInvoke invoke = [this, function = mapping.function, qualifier = mapping.qualifier](std::string event) {
      return invoke_(function, qualifier, std::move(event));
    };
    const sources::Nanoseconds start = SourceDriver::start_now();
    queue.driver = std::make_shared<SourceDriver>(context_, sources::open_queue(spec, sources::Messages(queue.left)),
                                                  start, std::move(invoke), options_);
    queue.left.clear();
    queue.driver->start();
  } catch (const io::Error& error) {
    queue.fault = error.what();
    if (options_.note)
      options_.note(fmt::format("{} is not fed from {}: {}", mapping.function, queue.name, queue.fault));
  }
}

Awaitable<> MappedQueues::stop() {
  for (const std::shared_ptr<Queue>& queue : queues_) want(queue, std::nullopt);
  const auto any_changing = [&] {
    return std::any_of(queues_.begin(), queues_.end(), [](const auto& queue) { return queue->is_changing; });
  };
  while (any_changing()) {
    const bool goes_on = co_await wait_for(context_, std::chrono::milliseconds(5));
    if (!goes_on) co_return;
  }
}

MappedQueues::Progress MappedQueues::progress_of(const EventSourceMapping& mapping) const {
  Progress progress;
  progress.last_result = "No records processed";
  for (const std::shared_ptr<Queue>& queue : queues_) {
    const bool is_fed = queue->fed && queue->fed->uuid == mapping.uuid;
    const bool is_wanted = queue->wanted && queue->wanted->uuid == mapping.uuid;
    if (!is_fed && !is_wanted) continue;
    progress.is_fed = queue->fault.empty();
    progress.is_changing = queue->is_changing;
    if (!queue->fault.empty()) progress.last_result = "PROBLEM: " + queue->fault;
    if (is_fed && queue->driver && !queue->driver->last_result().empty()) {
      progress.last_result = queue->driver->last_result();
    }
  }
  return progress;
}

std::vector<sources::BooksRow> MappedQueues::books() const {
  std::vector<sources::BooksRow> rows = closed_books_;
  for (const std::shared_ptr<Queue>& queue : queues_) {
    if (queue->driver) rows.push_back(queue->driver->books());
  }
  return rows;
}

}  // namespace textlambda::emulator
