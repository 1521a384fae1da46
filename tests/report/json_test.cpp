#include "textlambda/report/json.h"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/metrics/metric_table.h"

#include "tests/catch.h"

using namespace textlambda;

TEST_CASE("the object holds every figure under its documented name") {
  metrics::MetricsAccumulator accumulator({"ham", "spam"});
  for (const char* truth : {"ham", "spam", "junk"}) {
    accumulator.add(metrics::judge(std::vector<float>{2, 0}, accumulator.truth_of(truth)));
  }
  metrics::Evaluation evaluation;
  evaluation.metrics = accumulator.finish();
  const auto json = nlohmann::json::parse(report::to_json(evaluation));
  CHECK(json["n"] == 3);
  CHECK(json["accuracy"].get<double>() == Approx(1.0 / 3));
  REQUIRE(json["accuracy_interval"].size() == 2);
  CHECK(json["accuracy_interval"][0].get<double>() < json["accuracy"].get<double>());
  for (const metrics::Measure& measure : metrics::metric_table()) {
    if (measure.needs_label()) continue;
    CAPTURE(measure.name);
    const auto& figure = json.at(std::string(measure.name));
    const double expected = measure.of_set(evaluation.metrics, measure.has_k() ? 2 : 0);
    const auto& written = measure.has_k() ? figure.at(1) : figure;
    CHECK((written.is_null() ? std::isnan(expected) : written.get<double>() == expected));
  }
  REQUIRE(json["labels"].size() == 3);
  CHECK(json["labels"][0]["label"] == "ham");
  CHECK(json["labels"][0]["precision"].get<double>() == Approx(1.0 / 3));
  CHECK(json["unknown_labels"] == nlohmann::json::parse(R"([{"label": "junk", "count": 1}])"));
  CHECK(json["confusion_matrix"]["counts"] == nlohmann::json::parse("[[1,0],[1,0],[1,0]]"));
}

TEST_CASE("a large confusion matrix is written by its cells, unknown labels counting as rows") {
  for (const std::size_t known : {255U, 256U}) {
    CAPTURE(known);
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < known; ++i) labels.push_back("label " + std::to_string(i));
    metrics::MetricsAccumulator accumulator(labels);
    std::vector<float> logits(known, 0);
    logits[7] = 1;
    for (const char* truth : {"unknown", "label 9", "label 7", "label 9"}) {
      accumulator.add(metrics::judge(logits, accumulator.truth_of(truth)));
    }
    metrics::Evaluation evaluation;
    evaluation.metrics = accumulator.finish();
    const auto matrix = nlohmann::json::parse(report::to_json(evaluation))["confusion_matrix"];
    REQUIRE(matrix["truth"].size() == known + 1);
    CHECK(matrix["truth"][known] == "unknown");
    CHECK(matrix["predicted"].size() == known);
    if (known + 1 <= report::kLargestJsonMatrix) {
      REQUIRE(matrix["counts"].size() == known + 1);
      CHECK(matrix["counts"][9].size() == known);
      CHECK(matrix["counts"][9][7] == 2);
      CHECK(matrix["counts"][known][7] == 1);
      CHECK(!matrix.contains("cells"));
    } else {
      CHECK(matrix["cells"] == nlohmann::json::parse("[[7, 7, 1], [9, 7, 2], [256, 7, 1]]"));
      CHECK(!matrix.contains("counts"));
    }
  }
}

TEST_CASE("what is not a number is null, broken UTF-8 does not stop the report") {
  metrics::MetricsAccumulator accumulator({"ok", "x\xFF"});
  accumulator.add(metrics::judge(std::vector<float>{1, 0}, accumulator.truth_of("other")));
  metrics::Evaluation evaluation;
  evaluation.metrics = accumulator.finish();
  const auto json = nlohmann::json::parse(report::to_json(evaluation));
  CHECK(json["log_loss"].is_null());
  CHECK(json["labels"][1]["label"] == "x\uFFFD");
}
