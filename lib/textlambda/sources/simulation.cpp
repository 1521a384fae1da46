#include "textlambda/sources/simulation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/document.h"

namespace textlambda::sources {
namespace {

constexpr std::string_view kFormat = "textlambda-schedule";
constexpr std::uint64_t kProgressStep = 256;

void add(Counts& totals, const Counts& counts) {
  for (std::uint64_t Counts::*const count :
       {&Counts::fed, &Counts::waiting, &Counts::in_flight, &Counts::succeeded, &Counts::dead_lettered,
        &Counts::dropped, &Counts::filtered, &Counts::received, &Counts::delivered, &Counts::redelivered,
        &Counts::failed, &Counts::throttled, &Counts::late, &Counts::running, &Counts::batches}) {
    totals.*count += counts.*count;
  }
}

// Tries lists of choices, as often as it may.
class Shrinker {
 public:
  Shrinker(Trial& trial, std::vector<std::uint32_t> choices, std::uint32_t runs)
      : trial_(trial), best_(std::move(choices)), runs_(runs) {}

  std::vector<std::uint32_t> run() {
    cut_off_the_end();
    for (std::size_t length = std::max<std::size_t>(1, best_.size() / 2); length > 0 && runs_ > 0; length /= 2) {
      tame(length);
    }
    lower();
    drop_zeros();
    return std::move(best_);
  }

 private:
  bool breaks(const std::vector<std::uint32_t>& choices) {
    if (runs_ == 0) return false;
    --runs_;
    Choices given(choices);
    return !trial_.run(given).fault.empty();
  }

  bool keep_if_it_breaks(std::vector<std::uint32_t> choices) {
    if (choices == best_ || !breaks(choices)) return false;
    best_ = std::move(choices);
    return true;
  }

  // What is missing is 0.
  void cut_off_the_end() {
    for (std::size_t length = best_.size() / 2; length > 0; length /= 2) {
      while (best_.size() > length &&
             keep_if_it_breaks({best_.begin(), best_.end() - static_cast<std::ptrdiff_t>(length)})) {
      }
    }
  }

  void tame(std::size_t length) {
    for (std::size_t begin = 0; begin < best_.size() && runs_ > 0; begin += length) {
      std::vector<std::uint32_t> tamer = best_;
      const std::size_t end = std::min(tamer.size(), begin + length);
      std::fill(tamer.begin() + static_cast<std::ptrdiff_t>(begin), tamer.begin() + static_cast<std::ptrdiff_t>(end),
                0U);
      keep_if_it_breaks(std::move(tamer));
    }
  }

  void lower() {
    for (std::size_t i = 0; i < best_.size() && runs_ > 0; ++i) {
      while (best_[i] > 1) {
        std::vector<std::uint32_t> lower = best_;
        lower[i] /= 2;
        if (!keep_if_it_breaks(std::move(lower))) break;
      }
    }
  }

  void drop_zeros() {
    while (!best_.empty() && best_.back() == 0) best_.pop_back();
  }

  Trial& trial_;
  std::vector<std::uint32_t> best_;
  std::uint32_t runs_;
};

std::uint64_t number_in(const nlohmann::json& document, const char* name, std::uint64_t most, const std::string& file) {
  const nlohmann::json* value = json::member(document, name);
  if (value == nullptr || !value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
    io::throw_input(fmt::format("\"{}\" is no whole number up to {}", name, most), file);
  }
  return value->get<std::uint64_t>();
}

std::string text_in(const nlohmann::json& document, const char* name) {
  const std::string* text = json::string_member(document, name);
  return text == nullptr ? "" : *text;
}

}  // namespace

std::vector<std::uint32_t> shrunk(Trial& trial, std::vector<std::uint32_t> choices, std::uint32_t runs) {
  return Shrinker(trial, std::move(choices), runs).run();
}

TrialResult run_again(EventSource& source, const SimulatedFunction& function, BrokenSchedule& schedule) {
  Trial trial(source, function, schedule.trial);
  Choices choices(schedule.choices);
  schedule.trace.clear();
  TrialResult result = trial.run(choices, &schedule.trace);
  schedule.fault = result.fault;
  return result;
}

SimulationResult simulate(EventSource& source, const SimulatedFunction& function, const SimulationOptions& options,
                          const std::function<bool(std::uint64_t done)>& progress) {
  SimulationResult result;
  Trial trial(source, function, options.trial);
  Choices choices(options.seed, options.first);
  for (std::uint64_t i = 0; i < options.schedules; ++i) {
    const std::uint64_t number = options.first + i;
    choices.restart(options.seed, number);
    const TrialResult run = trial.run(choices);
    ++result.schedules;
    result.steps += run.steps;
    result.unfinished += run.at_rest || !run.fault.empty() ? 0U : 1U;
    result.cold_starts += run.cold_starts;
    result.most_running = std::max(result.most_running, run.most_running);
    add(result.totals, run.counts);
    if (!run.fault.empty()) {
      BrokenSchedule& broken = result.broken.emplace();
      broken.seed = options.seed;
      broken.number = number;
      broken.trial = options.trial;
      broken.choices = shrunk(trial, choices.made(), options.shrink_runs);
      run_again(source, function, broken);
      return result;
    }
    if (progress && result.schedules % kProgressStep == 0 && !progress(result.schedules)) return result;
  }
  return result;
}

std::string schedule_file(const BrokenSchedule& schedule) {
  nlohmann::ordered_json document = {{"format", kFormat},
                                     {"version", 1},
                                     {"fault", schedule.fault},
                                     {"source", schedule.source},
                                     {"seed", schedule.seed},
                                     {"schedule", schedule.number},
                                     {"environments", schedule.trial.environments},
                                     {"timeout_ns", schedule.trial.timeout},
                                     {"init_ns", schedule.trial.init},
                                     {"start_ns", schedule.trial.start},
                                     {"trouble", schedule.trial.trouble},
                                     {"most_steps", schedule.trial.most_steps}};
  // A list of numbers is easier to read, and to change, on one line.
  std::string text = document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.resize(text.size() - 2);
  text += ",\n  \"choices\": " + nlohmann::json(schedule.choices).dump();
  nlohmann::ordered_json trace = {{"trace", schedule.trace}};
  std::string rest = trace.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return text + "," + rest.substr(1) + "\n";
}

BrokenSchedule read_schedule_file(std::string_view content, const std::string& file) {
  nlohmann::json document;
  if (const std::string fault = json::read(content, {}, document); !fault.empty()) io::throw_input(fault, file);
  if (text_in(document, "format") != kFormat || number_in(document, "version", UINT64_MAX, file) != 1) {
    io::throw_input(fmt::format("is no schedule: expected \"format\": \"{}\", \"version\": 1", kFormat), file);
  }
  constexpr std::uint64_t kMostNanoseconds = std::uint64_t{1} << 62;
  BrokenSchedule schedule;
  schedule.source = text_in(document, "source");
  schedule.fault = text_in(document, "fault");
  schedule.seed = number_in(document, "seed", UINT64_MAX, file);
  schedule.number = number_in(document, "schedule", UINT64_MAX, file);
  schedule.trial.environments = static_cast<std::uint32_t>(number_in(document, "environments", UINT32_MAX, file));
  schedule.trial.timeout = static_cast<Nanoseconds>(number_in(document, "timeout_ns", kMostNanoseconds, file));
  schedule.trial.init = static_cast<Nanoseconds>(number_in(document, "init_ns", kMostNanoseconds, file));
  schedule.trial.start = static_cast<Nanoseconds>(number_in(document, "start_ns", kMostNanoseconds, file));
  schedule.trial.trouble = static_cast<std::uint32_t>(number_in(document, "trouble", UINT32_MAX, file));
  schedule.trial.most_steps = static_cast<std::uint32_t>(number_in(document, "most_steps", UINT32_MAX, file));
  const nlohmann::json* choices = json::member(document, "choices");
  if (choices == nullptr || !choices->is_array()) io::throw_input("\"choices\" is no list", file);
  for (const nlohmann::json& choice : *choices) {
    if (!choice.is_number_unsigned() || choice.get<std::uint64_t>() > UINT32_MAX) {
      io::throw_input("\"choices\" is no list of whole numbers", file);
    }
    schedule.choices.push_back(choice.get<std::uint32_t>());
  }
  return schedule;
}

}  // namespace textlambda::sources
