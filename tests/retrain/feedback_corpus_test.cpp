#include "textlambda/retrain/feedback_corpus.h"

#include "tests/catch.h"

namespace textlambda::retrain {

TEST_CASE("feedback is a corpus of its rows, and what is none is named") {
  const corpus::Corpus feedback = feedback_corpus({"store/feedback/rows.jsonl",
                                                   "{\"id\":\"0\",\"text\":\"d\",\"label\":\"y\"}\n"
                                                   "{\"text\":1\n",
                                                   2});
  std::string rows;
  const auto read = [&] {
    feedback.read(0, [&](const corpus::Example& row) {
      rows += std::string(row.label) + "=" + std::string(row.text);
      return true;
    });
  };
  CHECK_THROWS_WITH(read(), Catch::Matchers::StartsWith("store/feedback/rows.jsonl:2: "));
  CHECK(rows == "y=d");
}

}  // namespace textlambda::retrain
