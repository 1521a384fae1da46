// Events changed at random - bits flipped, cut short, spliced, wrapped, values of another type - always get an answer
// in the shape of some source's contract. The seed is fixed: a failure names the round and repeats.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/events/contract_shape.h"
#include "tests/events/sample_events.h"
#include "tests/lambda/sample_handler.h"
#include "tests/source_folder.h"

namespace textlambda::events {
namespace {

using lambda::HandlerOptions;
using lambda::SampleHandler;
using nlohmann::json;

using Random = std::mt19937;  // the same numbers everywhere, unlike the distributions

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

// The samples, and those that ship.
std::vector<std::string> seeds() {
  std::vector<std::string> events;
  for (const SampleEvent& sample : sample_events()) events.push_back(sample.event);
  const std::filesystem::path shipped = std::filesystem::path(in_source_folder()) / "data" / "events";
  if (!std::filesystem::is_directory(shipped)) return events;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shipped)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    events.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return events;
}

void flip(Random& random, std::string& event) {
  for (std::size_t count = 1 + below(random, 4); count > 0 && !event.empty(); --count) {
    char& byte = event[below(random, event.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(random, 8)));
  }
}

void cut(Random& random, std::string& event) {
  const std::size_t begin = below(random, event.size());
  if (below(random, 2) == 0) {
    event.resize(begin);
  } else {
    event.erase(begin, 1 + below(random, 20));
  }
}

void splice(Random& random, std::string& event) {
  const std::size_t begin = below(random, event.size());
  const std::string piece = event.substr(begin, 1 + below(random, 40));
  event.insert(below(random, event.size()), piece);
}

// Wraps the event, or a value in it, a few or very many levels deep.
void nest(Random& random, std::string& event) {
  const std::size_t depth = below(random, 20) == 0 ? 1000 : 1 + below(random, 6);
  std::string before;
  std::string after;
  for (std::size_t level = 0; level < depth; ++level) {
    const bool array = below(random, 2) == 0;
    before += array ? "[" : R"({"text":)";
    after.insert(after.begin(), array ? ']' : '}');
  }
  const std::size_t colon = event.find(':', below(random, event.size()));
  if (colon == std::string::npos || below(random, 2) == 0) {
    event = before + event + after;
  } else {
    event.insert(colon + 1, before + "1" + after + ",\"x\":");
  }
}

// A value of another type at a random place.
void retype(Random& random, std::string& event) {
  static const std::vector<json> kValues = {nullptr,
                                            true,
                                            -1,
                                            1.5,
                                            18446744073709551615U,
                                            "",
                                            " ",
                                            "good",
                                            "Z29vZA==",
                                            json::array(),
                                            json::object(),
                                            json::array({1, "good"}),
                                            json{{"text", "good"}},
                                            "{\"text\":1}",
                                            "H4sIAAAA",
                                            "\xF0\x9F\x98\x80"};
  json document = json::parse(event, nullptr, false);
  json* place = &document;
  while (place->is_structured() && !place->empty() && below(random, 8) != 0) {
    auto child = place->begin();
    std::advance(child, below(random, place->size()));
    if (below(random, 12) == 0) {
      place->erase(child);
      break;
    }
    place = &*child;
  }
  *place = kValues[below(random, kValues.size())];
  event = document.dump(-1, ' ', false, json::error_handler_t::replace);
}

TEST_CASE("mutated events always get an answer in the shape of a contract") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kRounds = 25000;  // the fuzz targets go on with sanitizers
#else
  constexpr int kRounds = 150000;
#endif
  using Mutation = void (*)(Random&, std::string&);
  const std::vector<Mutation> mutations = {flip, cut, splice, nest, retype, retype};
  const std::vector<std::string> events = seeds();
  HandlerOptions options;
  options.top_k = 1;
  const SampleHandler handle(options);
  Random random(20260501);
  for (int round = 0; round < kRounds; ++round) {
    std::string event = events[below(random, events.size())];
    for (std::size_t count = 1 + below(random, 3); count > 0 && !event.empty(); --count) {
      mutations[below(random, mutations.size())](random, event);
    }
    const std::string flaw = shape_flaw(handle(event));
    if (flaw.empty()) continue;
    INFO("round " << round << ": " << event.substr(0, 2000));
    CHECK(flaw == "");
  }
}

TEST_CASE("the samples themselves are recognised") {
  const SampleHandler handle;
  for (const SampleEvent& sample : sample_events()) {
    INFO(sample.event);
    const Answer answer = handle(sample.event);
    CHECK(source_name(answer.source) == source_name(sample.source));
    CHECK(answer.ok);
    CHECK(answer.recognised);
    CHECK(shape_flaw(answer) == "");
  }
}

// What judges the mutated events has to be able to say no.
TEST_CASE("answers out of shape are told") {
  const SampleHandler handle;
  for (const SampleEvent& sample : sample_events()) {
    INFO(sample.event);
    Answer answer = handle(sample.event);
    REQUIRE(shape_flaw(answer) == "");
    const std::string body = answer.body;
    for (const char* wrong :
         {"", "{}", "[7]", "null", R"({"records": [7]})", R"({"batchItemFailures": [{"itemIdentifier": ""}]})"}) {
      answer.body = wrong;
      CHECK(shape_flaw(answer) != "");
    }
    answer.body = body;
    answer.ok = false;
    CHECK(shape_flaw(answer) != "");
  }
}

}  // namespace
}  // namespace textlambda::events
