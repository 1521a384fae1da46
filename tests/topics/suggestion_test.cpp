#include "textlambda/topics/suggestion.h"

#include <cmath>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/topics/made_texts.h"

using namespace textlambda;
using topics::KSuggestion;
using topics::KTrial;
using topics::made_rows;
using topics::source_of;
using topics::suggest_k;

namespace {

KSuggestion suggestion_of(const corpus::RowSource& source, std::size_t k, unsigned threads = 1) {
  topics::TopicOptions options;
  options.k = k;
  // Texts of nine words, and words that every fifth of all texts have.
  options.most_texts_clustering = 0.3;
  options.most_texts_mixture = 0.3;
  return suggest_k(source, options, io::Executor(threads), [](double) {});
}

}  // namespace

TEST_CASE("where there are so many kinds of texts, both fits find them, and finer groups explain no more") {
  for (const std::size_t kinds : {2U, 3U, 4U}) {
    CAPTURE(kinds);
    const KSuggestion suggestion = suggestion_of(source_of(made_rows(800, kinds)), 8);
    CHECK(suggestion.texts == 800);
    CHECK(suggestion.held_out_texts == (suggestion.distinct_texts + 4) / 5);
    std::vector<std::size_t> numbers;
    for (const KTrial& trial : suggestion.trials) {
      numbers.push_back(trial.k);
      CHECK(trial.groups <= trial.k);
      CHECK(trial.smallest <= 1.0 / static_cast<double>(trial.groups));
      CHECK(trial.largest >= 1.0 / static_cast<double>(trial.groups));
    }
    CHECK(numbers == std::vector<std::size_t>{2, 3, 4, 5, 6, 8});
    const std::vector<KTrial>& trials = suggestion.trials;
    const std::size_t at = kinds - 2;
    CHECK(trials[at].agreement > 0.95);
    CHECK(trials[at].groups == kinds);
    // Up to that number each group more explains much, then less.
    if (kinds == 2) continue;
    CHECK(trials[at].likelihood - trials[at - 1].likelihood >
          1.5 * (trials[at + 1].likelihood - trials[at].likelihood));
  }
}

TEST_CASE("texts without kinds agree no better than by chance") {
  const KSuggestion suggestion = suggestion_of(source_of(made_rows(800, 1)), 5);
  for (const KTrial& trial : suggestion.trials) CHECK(std::abs(trial.agreement) < 0.2);
}

TEST_CASE("the numbers that are tried end with the one that was asked for, and with ten texts a group") {
  CHECK(suggestion_of(source_of(made_rows(800, 3)), 7).trials.back().k == 7);
  CHECK(suggestion_of(source_of(made_rows(100, 3)), 0).trials.back().k == 4);
}

TEST_CASE("the figures are the same for any number of threads", "[threads]") {
  const auto rows = made_rows(400, 3);
  const std::string json = to_json(suggestion_of(source_of(rows), 6));
  for (const unsigned threads : {2U, 3U, 8U}) CHECK(to_json(suggestion_of(source_of(rows), 6, threads)) == json);
}

TEST_CASE("what cannot be tried") {
  CHECK_THROWS_AS(suggestion_of(source_of(made_rows(40, 2)), 0), io::Error);
  CHECK_THROWS_AS(suggestion_of(source_of(made_rows(400, 2)), 1), io::Error);
  CHECK_THROWS_AS(suggestion_of(source_of(made_rows(400, 2)), topics::kMostGroups + 1), io::Error);
  CHECK_THROWS_AS(suggestion_of(source_of(std::vector<std::string>(100, "the same")), 0), io::Error);
}

TEST_CASE("the reports show every trial") {
  const KSuggestion suggestion = suggestion_of(source_of(made_rows(400, 3)), 6);
  const nlohmann::json json = nlohmann::json::parse(to_json(suggestion));
  REQUIRE(json["trials"].size() == suggestion.trials.size());
  CHECK(json["trials"][1]["k"] == 3);
  CHECK(json["trials"][1]["agreement"] == suggestion.trials[1].agreement);
  const std::string text = to_text(suggestion);
  const std::string page = to_html(suggestion);
  for (const KTrial& trial : suggestion.trials) {
    CHECK(text.find("  " + std::to_string(trial.k) + "  ") != std::string::npos);
    CHECK(page.find("<title>" + std::to_string(trial.k) + " groups: ") != std::string::npos);
  }
}
