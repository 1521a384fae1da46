#include "textlambda/metrics/wrong_rows.h"

#include <string>
#include <vector>

#include "textlambda/corpus/memory_source.h"

#include "tests/catch.h"

namespace textlambda::metrics {
namespace {

// Rows 0 … 4 of one input and 0 … 2 of partitions of two rows; 1, 2 and 4 are wrong. In another order than the file's,
// as evaluation leaves them.
JudgedRows judged() {
  JudgedRows rows;
  rows.labels = {"bill, paid", "say \"no\"", "x"};
  rows.known_labels = 2;
  rows.inputs = {"memory"};
  const auto add = [&](std::uint64_t ordinal, std::uint32_t truth, std::uint32_t predicted, float confidence) {
    JudgedRow row;
    row.ordinal = ordinal;
    row.line = ordinal + 1;
    row.truth = truth;
    row.predicted = predicted;
    row.confidence = confidence;
    row.abstained = confidence < 0.55F;
    rows.rows.push_back(row);
  };
  add(4, 2, 1, 0.625F);
  add(0, 0, 0, 0.75F);
  add(2, 1, 0, 0.5F);
  add(1, 0, 1, 0.9F);
  add(3, 1, 1, 1);
  return rows;
}

corpus::MemorySource texts() {
  return corpus::MemorySource({{"zero", "bill, paid", {}},
                               {"one\ntwo", "bill, paid", {}},
                               {"über \"x\"", "say \"no\"", {}},
                               {"three", "say \"no\"", {}},
                               {" four", "x", {}}},
                              {}, "memory", 2);
}

std::string written(RowFormat format, Texts with) {
  const corpus::MemorySource corpus = texts();
  std::string lines = wrong_rows_header(format, with);
  for_each_wrong_row(judged(), corpus, with, [&](const WrongRow& row) { lines += to_line(row, format, with); });
  return lines;
}

TEST_CASE("wrong rows come in the order of the file, as JSON Lines and as CSV") {
  CHECK(
      written(RowFormat::jsonl, Texts::read) ==
      R"({"file":"memory","line":2,"label":"bill, paid","predicted":"say \"no\"","confidence":0.9,"abstained":false,"text":"one\ntwo"})"
      "\n"
      R"({"file":"memory","line":3,"label":"say \"no\"","predicted":"bill, paid","confidence":0.5,"abstained":true,"text":"über \"x\""})"
      "\n"
      R"({"file":"memory","line":5,"label":"x","predicted":"say \"no\"","confidence":0.625,"abstained":false,"text":" four"})"
      "\n");
  CHECK(written(RowFormat::csv, Texts::read) ==
        "file,line,label,predicted,confidence,abstained,text\n"
        "memory,2,\"bill, paid\",\"say \"\"no\"\"\",0.9,false,\"one\ntwo\"\n"
        "memory,3,\"say \"\"no\"\"\",\"bill, paid\",0.5,true,\"über \"\"x\"\"\"\n"
        "memory,5,x,\"say \"\"no\"\"\",0.625,false,\" four\"\n");
  CHECK(written(RowFormat::csv, Texts::left_out) ==
        "file,line,label,predicted,confidence,abstained\n"
        "memory,2,\"bill, paid\",\"say \"\"no\"\"\",0.9,false\n"
        "memory,3,\"say \"\"no\"\"\",\"bill, paid\",0.5,true\n"
        "memory,5,x,\"say \"\"no\"\"\",0.625,false\n");
}

TEST_CASE("the format of the rows goes by the file's ending") {
  CHECK(row_format_of("errors.csv") == RowFormat::csv);
  CHECK(row_format_of("errors.jsonl") == RowFormat::jsonl);
  CHECK(row_format_of("-") == RowFormat::jsonl);
}

}  // namespace
}  // namespace textlambda::metrics
