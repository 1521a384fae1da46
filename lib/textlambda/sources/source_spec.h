// A source as it is written on a command line:
//
//   orders=sqs:orders.jsonl,batch=10,visibility=30,max-receive=3,dead-letters=lost.jsonl
//   audit=kinesis:changes.jsonl.gz,shards=2,bisect=yes,retries=3,on-failure=lost.jsonl
//   nightly=schedule:cron(0 3 * * ? *)          events=events:captured/
//
// NAME is the function's, KIND one of sqs, kinesis, dynamodb, kafka, schedule and events; behind the first comma come
// options of that kind. Each option is in the table that option_help() prints.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sources/account.h"
#include "textlambda/sources/event_source.h"
#include "textlambda/sources/filter.h"
#include "textlambda/sources/schedule.h"

namespace textlambda::sources {

enum class SourceKind { sqs, kinesis, dynamodb, kafka, schedule, events };

std::string_view kind_name(SourceKind kind);

struct SourceSpec {
  std::string text;  // as it was given
  std::string function;
  SourceKind kind = SourceKind::sqs;
  std::string what;  // the file or folder, or the schedule's expression
  std::vector<std::pair<std::string, std::string>> options;
  Account account = {};  // of its ARNs; the function is the one above

  // How books call it: "orders sqs".
  std::string name() const { return function + " " + std::string(kind_name(kind)); }
};

// Throws Error(usage) that names what is wrong: the kind, an option that the kind has not, a value.
SourceSpec parse_source(std::string_view text);

// A line an option, for people: "  batch=N   sqs, kinesis, …   messages of a batch [10]".
std::string option_help();

// A source and what it is made from.
struct OpenSource {
  SourceSpec spec;
  std::unique_ptr<Messages> messages;
  std::unique_ptr<Filters> filters;
  std::unique_ptr<EventSource> source;
  std::string dead_letters;             // the file that they go to; empty: none
  std::vector<Nanoseconds> feed_after;  // since the start, a message each; empty: all of them at once
};

// Reads what the spec names. `start` is when the mapping comes to be, the first moment that anything can happen. Of
// more messages than `most` those behind are left out, and a schedule without an end is due that often; 0: nothing is.
// Throws Error: usage, or input_output as read_queue() and the like do.
OpenSource open_source(const SourceSpec& spec, Nanoseconds start, std::size_t most = 0);
// Of a queue, with these messages in place of what the spec names.
OpenSource open_queue(const SourceSpec& spec, Messages messages);

}  // namespace textlambda::sources
