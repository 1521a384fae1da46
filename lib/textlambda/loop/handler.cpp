#include "textlambda/loop/handler.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/corpus/joined_rows.h"
#include "textlambda/events/classification.h"
#include "textlambda/events/event.h"
#include "textlambda/events/event_texts.h"
#include "textlambda/events/http_request.h"
#include "textlambda/events/source_row.h"
#include "textlambda/gate/settings.h"
#include "textlambda/io/error.h"
#include "textlambda/json/write.h"
#include "textlambda/loop/trigger.h"
#include "textlambda/retrain/feedback_corpus.h"
#include "textlambda/retrain/round.h"
#include "textlambda/retrain/round_json.h"

namespace textlambda::loop {
namespace {

using events::Event;
using lambda::LogLevel;

// Thrown by a round's checkpoint.
class OutOfTime : public std::exception {
 public:
  const char* what() const noexcept override { return "out of time"; }
};

// Reading is not keeping: a link must not write.
void refuse_question(Event& event) {
  if (!events::is_http(event.source) || event.http.health || event.http.status_code != 200) return;
  const events::HttpRequest request = events::read_http_request(*event.document, *events::row_of(event.source).http);
  if (request.method != "GET" && request.method != "HEAD") return;
  event.records.clear();
  event.array = false;
  event.http.status_code = 405;
  event.records.emplace_back().message =
      events::of_error("the method is " + request.method + "; a text with its label is posted or put");
}

// All that was to be kept, for it was kept together.
void fail_rows(Event& event, const std::string& reason) {
  for (events::Record& record : event.records) {
    if (!record.message.texts.empty()) record.message = events::of_error(reason);
  }
  if (!events::is_http(event.source)) return;
  event.array = false;
  event.http.status_code = 503;
  event.records.resize(1);
  event.records.front().message = events::of_error(reason);
}

std::string kept_members(std::size_t kept, std::size_t rows) {
  std::string members = kept > 0 ? R"("status":"kept")" : R"("status":"repeated")";
  if (rows > 1) members += ",\"rows\":" + std::to_string(rows) + ",\"kept\":" + std::to_string(kept);
  return members;
}

void look_at(const std::vector<std::string>& files, const corpus::CorpusOptions& reading) {
  if (!files.empty()) corpus::Corpus::open(files, reading);
}

corpus::CorpusOptions reading_of_tests(const Configuration& configuration) {
  corpus::CorpusOptions reading = configuration.reading;
  reading.columns = gate::parse_rules(configuration.round.gate).columns();
  return reading;
}

}  // namespace

std::optional<std::int64_t> stop_of(std::int64_t deadline_ms, std::int64_t now_ms) {
  if (deadline_ms <= now_ms) return std::nullopt;
  return deadline_ms - std::clamp((deadline_ms - now_ms) / 10, kLeastMarginMs, kMostMarginMs);
}

Handler::Handler(const Configuration& configuration, lambda::EpochClock epoch_ms, unsigned threads)
    : configuration_(configuration),
      epoch_ms_(std::move(epoch_ms)),
      threads_(threads),
      text_pointers_(configuration.text_pointers),
      label_pointers_(configuration.label_pointers),
      store_(store::ModelStore::open_or_create(configuration.store)),
      feedback_(store_) {
  look_at(configuration.corpora, configuration.reading);
  look_at(configuration.tests, reading_of_tests(configuration));
}

events::Answer Handler::handle(const lambda::Invocation& invocation, const Log& log) noexcept {
  events::Answer answer;
  try {
    handle(invocation, log, answer);
  } catch (...) {
    events::fail_internally(nullptr, answer);
  }
  return answer;
}

void Handler::handle(const lambda::Invocation& invocation, const Log& log, events::Answer& answer) {
  nlohmann::json document;
  const std::string reason = events::parse_event(invocation.event, configuration_.limits, document);
  if (!reason.empty()) return events::fail(answer, "InvalidEvent", reason);
  Event event = events::read_labelled_event(document, text_pointers_, label_pointers_, configuration_.limits);
  if (!configuration_.allowed_origins.empty()) event.http.allowed_origins = &configuration_.allowed_origins;
  answer.source = event.source;
  answer.recognised = event.recognised;
  if (!is_taken(event.source)) {
    return events::fail(answer, "UnsupportedEvent",
                        "an event of " + std::string(events::source_name(event.source)) +
                            " is neither feedback nor a reason for a round");
  }
  refuse_question(event);
  RoundAnswer round;
  if (event.error.empty()) {
    const std::string lost = keep(event, invocation);
    // A source that cannot be told which of its records failed hands over all of them again.
    if (!lost.empty() && !events::takes_batch_failures(event.source) && !events::is_http(event.source)) {
      return events::fail(answer, "NotKept", lost);
    }
    run_asked_round(event, invocation, log, round);
  }
  const bool names_failures = events::takes_batch_failures(event.source);
  if (!round.error.empty() && !names_failures) return events::fail(answer, round.error_type, round.error);
  const bool wants_health = event.http.health || event.source == events::Source::scheduled;
  const events::ClassificationWriter writer(wants_health ? health_card() : std::string());
  events::write_answer(event, writer, configuration_.limits, answer);
  if (!round.json.empty() && !names_failures && answer.ok) answer.body = round.json;
}

std::string Handler::keep(Event& event, const lambda::Invocation& invocation) {
  std::vector<store::FeedbackRow> rows;
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < event.records.size(); ++i) {
    std::vector<store::FeedbackRow> own = rows_of(event, i, invocation);
    counts.push_back(own.size());
    std::move(own.begin(), own.end(), std::back_inserter(rows));
  }
  if (rows.empty()) return "";
  const auto fail = [&](std::string reason) {
    fail_rows(event, reason);
    return reason;
  };
  if (!configuration_.feedback) return fail("feedback is not kept: TEXTLAMBDA_FEEDBACK is off");
  std::vector<bool> kept;
  try {
    kept = feedback_.append(rows, epoch_ms_(), patience(stop_of(invocation.deadline_ms, epoch_ms_())));
  } catch (const io::Error& error) {
    return fail(std::string("not kept: ") + error.what());
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < event.records.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto begin = kept.begin() + static_cast<std::ptrdiff_t>(at);
    at += counts[i];
    const auto new_rows =
        static_cast<std::size_t>(std::count(begin, begin + static_cast<std::ptrdiff_t>(counts[i]), true));
    event.records[i].result = kept_members(new_rows, counts[i]);
  }
  return "";
}

unsigned Handler::patience(std::optional<std::int64_t> stop_ms) const {
  constexpr std::int64_t kLongest = 30;
  return static_cast<unsigned>(stop_ms ? std::clamp<std::int64_t>((*stop_ms - epoch_ms_()) / 1000, 0, kLongest)
                                       : kLongest);
}

void Handler::run_asked_round(Event& event, const lambda::Invocation& invocation, const Log& log,
                              RoundAnswer& round) const {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < event.records.size(); ++i) {
    events::Record& record = event.records[i];
    if (!asks_for_round(event, record)) continue;
    if (!first) first = i;
    record.message = events::of_skipped("asks for a round");
    record.message.notice = events::Notice::object;
  }
  if (!first) return;
  // A batch of notices says once that there is something new.
  round = run_round(round_name(event, *first, invocation), invocation.deadline_ms, log);
  if (round.error.empty()) return;
  for (events::Record& record : event.records) {
    if (record.message.notice == events::Notice::object) record.message = events::of_error(round.error);
  }
}

Handler::RoundAnswer Handler::run_round(const std::string& name, std::int64_t deadline_ms, const Log& log) const {
  const std::int64_t begin = epoch_ms_();
  const std::optional<std::int64_t> stop = stop_of(deadline_ms, begin);
  RoundAnswer answer;
  try {
    retrain::RoundOptions options = configuration_.round;
    options.event = name;
    options.executor = io::Executor(threads_, [&] {
      if (stop && epoch_ms_() >= *stop) throw OutOfTime();
    });
    options.lock_seconds = [&] { return patience(stop); };
    std::vector<const corpus::RowSource*> sources;
    std::optional<corpus::Corpus> corpus;
    if (!configuration_.corpora.empty()) {
      sources.push_back(&corpus.emplace(corpus::Corpus::open(configuration_.corpora, configuration_.reading)));
    }
    std::optional<corpus::Corpus> feedback;
    if (configuration_.feedback) {
      store::FeedbackRows rows = feedback_.read(patience(stop));
      if (!rows.notice.empty()) log(LogLevel::warn, rows.notice);
      options.feedback = rows.count;
      options.training.memory.present += rows.lines.size();
      if (rows.count > 0) sources.push_back(&feedback.emplace(retrain::feedback_corpus(std::move(rows))));
    }
    if (sources.empty()) io::throw_usage("there are no rows to train on: name a corpus, or keep feedback first");
    const corpus::JoinedRows joined(sources);
    const corpus::Corpus test = corpus::Corpus::open(configuration_.tests, reading_of_tests(configuration_));
    const retrain::RoundResult result = retrain::run_round(store_, joined, test, options);
    for (const std::string& warning : result.warnings) log(LogLevel::warn, warning);
    log(LogLevel::info, std::string(result.repeated ? "the event had its round before: " : "") +
                            std::string(store::outcome_name(result.entry.outcome)) + ": " + result.entry.reason);
    answer.json = retrain::to_json(result);
  } catch (const OutOfTime&) {
    answer.error_type = "OutOfTime";
    answer.error = "out of time: the round was stopped " + std::to_string(deadline_ms - epoch_ms_()) +
                   " ms before the deadline, and nothing was changed; give the function more time or memory";
  } catch (const io::Error& error) {
    // What waits for another machine ends then, too.
    answer.error_type = stop && epoch_ms_() >= *stop ? "OutOfTime" : "RoundFailed";
    answer.error = error.what();
  } catch (const std::bad_alloc&) {
    answer.error_type = "RoundFailed";
    answer.error = "there is not enough memory for the training";
  }
  return answer;
}

std::string Handler::health_card() const {
  std::string card = "{\"model\":";
  const std::string current = store_.current();
  if (current.empty()) {
    card += "null";
  } else {
    json::append_string(card, current);
  }
  return card + "}";
}

}  // namespace textlambda::loop
