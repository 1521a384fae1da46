#include "textlambda/report/text.h"

#include "tests/catch.h"

using namespace textlambda;

namespace {

metrics::Evaluation evaluation_of(const std::vector<std::string>& labels,
                                  const std::vector<std::pair<std::string, std::size_t>>& truth_and_prediction) {
  metrics::MetricsAccumulator accumulator(labels);
  for (const auto& [truth, predicted] : truth_and_prediction) {
    std::vector<float> logits(labels.size(), 0);
    logits[predicted] = 5;
    accumulator.add(metrics::judge(logits, accumulator.truth_of(truth)));
  }
  metrics::Evaluation evaluation;
  evaluation.metrics = accumulator.finish();
  return evaluation;
}

}  // namespace

TEST_CASE("the text names figures, labels and confusions") {
  const auto evaluation = evaluation_of({"ham", "spam"}, {{"ham", 0}, {"ham", 0}, {"ham", 1}, {"spam", 1}});
  const std::string text = report::to_text(evaluation);
  CHECK_THAT(text, Catch::Contains("accuracy  75.0 % (30.1 … 95.4)   3 of 4 examples\n"));
  CHECK_THAT(text, Catch::Contains("  ham           3    100.0 %   66.7 %  80.0 %\n"));
  CHECK_THAT(text, Catch::Contains("  truth ↓  predicted →  ham  spam\n"
                                   "                   ham    2     1\n"
                                   "                  spam    ·     1\n"));
}

TEST_CASE("labels that the model does not know are named") {
  const auto evaluation = evaluation_of({"ham", "spam"}, {{"ham", 0}, {"junk", 1}});
  CHECK_THAT(
      report::to_text(evaluation),
      Catch::Contains("unknown     \"junk\": the model does not know this label; its 1 example counts as wrong"));
}

TEST_CASE("a wrong label column does not bury the headline") {
  std::vector<std::pair<std::string, std::size_t>> rows{{"ham", 0}, {"often", 1}, {"often", 1}};
  for (char name = 'a'; name < 'm'; ++name) rows.emplace_back(std::string("id-") + name, 0);
  const std::string text = report::to_text(evaluation_of({"ham", "spam"}, rows));
  // "often" and id-a … id-i are named, id-j … id-l counted.
  CHECK_THAT(text,
             Catch::Contains("\nunknown     \"often\": the model does not know this label; its 2 examples count as "
                             "wrong\nunknown     \"id-a\": "));
  CHECK_THAT(text, Catch::Contains("\nunknown     3 more labels; their 3 examples count as wrong\n"));
  CHECK_THAT(text, Catch::Contains("\n  id-i "));
  CHECK_THAT(text, !Catch::Contains("\n  id-j "));
}

TEST_CASE("many labels: the largest confusions instead of a matrix") {
  std::vector<std::string> labels;
  for (char name = 'a'; name < 'p'; ++name) labels.emplace_back(1, name);
  const auto evaluation = evaluation_of(labels, {{"a", 1}, {"a", 1}, {"b", 2}, {"c", 2}});
  const std::string text = report::to_text(evaluation);
  CHECK_THAT(text, Catch::Contains("largest confusions (truth → predicted)\n  2  a  →  b\n  1  b  →  c\n"));
}

TEST_CASE("of very many labels the worst are listed, and those first that the examples have") {
  std::vector<std::string> labels;
  for (int i = 0; i < 300; ++i) labels.push_back("label" + std::to_string(1000 + i));
  // label1299 is never found, label1298 half the time; the first 250 are right, the others do not occur.
  std::vector<std::pair<std::string, std::size_t>> rows{
      {"label1299", 298}, {"label1299", 298}, {"label1298", 298}, {"label1298", 298}};
  for (std::size_t i = 0; i < 250; ++i) rows.emplace_back(labels[i], i);
  const std::string text = report::to_text(evaluation_of(labels, rows));
  CHECK_THAT(text, Catch::Contains("F1\n  label1299         2          –    0.0 %    0.0 %\n  label1298 "));
  CHECK_THAT(text, Catch::Contains("\n  label1197 "));
  CHECK_THAT(text, !Catch::Contains("\n  label1198 "));
  CHECK_THAT(text, Catch::EndsWith("\n  100 more labels do no worse or have no examples: the JSON has them all\n"));
}
