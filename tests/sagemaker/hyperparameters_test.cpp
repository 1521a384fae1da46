#include "textlambda/sagemaker/hyperparameters.h"

#include <string>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::sagemaker {
namespace {

using Strings = std::vector<std::string>;

TEST_CASE("hyperparameters are options, whatever of the usual spellings they have") {
  struct Row {
    const char* json;
    Strings arguments;
  };
  const Row rows[] = {
      {"{}", {}},
      {R"({"c": "4"})", {"--c=4"}},
      {R"({"min_documents": "1", "words": "1-3"})", {"--min-documents=1", "--words=1-3"}},
      {R"({"min-documents": "1"})", {"--min-documents=1"}},
      // The SDK's script mode writes each value as JSON.
      {R"({"words": "\"1-2\"", "seed": "3"})", {"--seed=3", "--words=1-2"}},
      {R"({"c": 4, "keep_case": true})", {"--c=4", "--keep-case=true"}},
      // The platform's own.
      {R"({"_tuning_objective_metric": "x", "sagemaker_region": "eu-west-1", "c": "1"})", {"--c=1"}},
      {R"({"label": ""})", {"--label="}},
  };
  for (const Row& row : rows) {
    const Hyperparameters read = read_hyperparameters(row.json, "h.json");
    CHECK(read.arguments == row.arguments);
    CHECK(read.remarks.empty());
    CHECK_FALSE(read.blazing_text);
  }
}

TEST_CASE("BlazingText's are translated, and what cannot be is said") {
  const Hyperparameters read = read_hyperparameters(
      R"({"mode": "supervised", "word_ngrams": "2", "min_count": "3", "epochs": "10", "vector_dim": "100", "seed": "7"})",
      "h.json");
  CHECK(read.blazing_text);
  CHECK(read.arguments == Strings{"--min-documents=3", "--seed=7", "--words=1-2"});
  CHECK(read.remarks == Strings{"epochs, vector_dim: without effect, nothing here has to be set by them"});
  CHECK(read_hyperparameters(R"({"mode": "supervised"})", "h.json").remarks.empty());
  CHECK_THROWS_WITH(read_hyperparameters(R"({"mode": "skipgram"})", "h.json"),
                    "mode: \"skipgram\" given, expected supervised: word vectors are not trained here");
}

TEST_CASE("what is no table of plain values is refused by the file's name") {
  for (const char* json : {"", "[]", "{\"c\": [1]}", "{\"c\": null}", "{\"c\": {}}", "{\"c\"", "\xff"}) {
    try {
      read_hyperparameters(json, "h.json");
      FAIL("taken: " << json);
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::input_output);
      CHECK(std::string(error.what()).starts_with("h.json: "));
    }
  }
}

}  // namespace
}  // namespace textlambda::sagemaker
