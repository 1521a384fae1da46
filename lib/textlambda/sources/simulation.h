// Many simulated schedules of one source, one after the other, until one breaks the books; and that one made small,
// kept in a file and run again. Pure but for the function that is called. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/sources/trial.h"

namespace textlambda::sources {

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  // the number of the first schedule
  std::uint64_t schedules = 10'000;
  TrialOptions trial;
  std::uint32_t shrink_runs = 2000;  // that may be spent on making a schedule small; 0: it stays as it is
};

// A schedule, as a file has it: what decides it, and what it came to.
struct BrokenSchedule {
  std::string source;  // the spec, as given; empty where there is none
  std::uint64_t seed = 0;
  std::uint64_t number = 0;
  TrialOptions trial;
  std::vector<std::uint32_t> choices;
  std::string fault;
  std::vector<std::string> trace;  // what happens, a line each, for people
};

struct SimulationResult {
  std::uint64_t schedules = 0;  // that were run, the broken one included
  std::uint64_t steps = 0;
  std::uint64_t unfinished = 0;  // that came to no rest, as where a message fails for ever and nobody gives it up
  std::uint64_t cold_starts = 0;
  std::uint32_t most_running = 0;
  Counts totals;
  std::optional<BrokenSchedule> broken;
};

// `progress`, if there is one, is called with the schedules done, now and then; false stops.
SimulationResult simulate(EventSource& source, const SimulatedFunction& function, const SimulationOptions& options,
                          const std::function<bool(std::uint64_t done)>& progress = {});

// Fewer and tamer choices that break the books too, if others do; `runs` at most are tried.
std::vector<std::uint32_t> shrunk(Trial& trial, std::vector<std::uint32_t> choices, std::uint32_t runs);

// Runs it again from its choices; `schedule.fault` and `trace` are what it comes to now.
TrialResult run_again(EventSource& source, const SimulatedFunction& function, BrokenSchedule& schedule);

// JSON, ended by a line break.
std::string schedule_file(const BrokenSchedule& schedule);
// Throws Error(input_output) that names `file` where it is none.
BrokenSchedule read_schedule_file(std::string_view content, const std::string& file);

}  // namespace textlambda::sources
