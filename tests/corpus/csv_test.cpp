#include "textlambda/corpus/formats/csv_row.h"
#include "textlambda/corpus/formats/line_chunks.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using Rows = std::vector<std::string>;

TEST_CASE("CSV cells are what RFC 4180 says") {
  // The same rows as Python's csv.reader gives, blank lines aside.
  const Reading reading = read_bytes("a.csv",
                                     "text,label\r\n"
                                     "plain,a\r\n"
                                     "\"quoted, with comma\",a\r\n"
                                     "\"doubled \"\"quotes\"\"\",b\r\n"
                                     "\"over\r\ntwo lines\",b\r\n"
                                     "\r\n"
                                     "quote \" inside,a\r\n"
                                     "\"\"\"\",b\r\n"
                                     " spaces stay , label trimmed \r\n"
                                     "\"last\",\"c\"");
  CHECK(reading.rows == Rows{"2|a|plain", "3|a|quoted, with comma", "4|b|doubled \"quotes\"", "5|b|over\r\ntwo lines",
                             "8|a|quote \" inside", "9|b|\"", "10|label trimmed| spaces stay ", "11|c|last"});
  CHECK(reading.bad.empty());
}

TEST_CASE("Bad CSV rows are told with line and reason, and cost one row each") {
  const Reading reading = read_bytes("a.csv",
                                     "text,label\n"
                                     "ok,a\n"
                                     "\"unclosed,b\n"
                                     "fine,c\n"
                                     "\"a\"x,d\n"
                                     "three,e,f\n"
                                     "four,g,,\n"
                                     "one\n"
                                     ",h\n"
                                     "  ,h\n"
                                     "t, \n"
                                     "\"two\nlines\",\"i\n"
                                     "good,j\n"
                                     "\"eof,k\n");
  CHECK(reading.rows == Rows{"2|a|ok", "4|c|fine", "14|j|good"});
  CHECK(reading.bad ==
        Rows{"3: unbalanced quote", "5: text after a closing quote (a quote inside a quoted cell is doubled)",
             "6: 3 columns, expected 2", "7: 4 columns, expected 2", "8: 1 column, expected 2", "9: empty text",
             "10: empty text", "11: empty label", "13: unbalanced quote", "15: unbalanced quote"});
  CHECK(error_of("a.csv", "text,label\nok,a\n\"unclosed,b\n") == "a.csv:3: unbalanced quote");
}

TEST_CASE("Quotes in TSV are characters unless the file uses them as quotes") {
  CHECK(read_bytes("a.tsv", "a\t\"Hello\" he said\nb\tplain\na\t\"Whole\"\nb\tx \"y\" z\n").rows ==
        Rows{"1|a|\"Hello\" he said", "2|b|plain", "3|a|\"Whole\"", "4|b|x \"y\" z"});
  CHECK(read_bytes("a.tsv", "label\ttext\na\t\"has \"\"quotes\"\" and\ttab\"\nb\tplain\n").rows ==
        Rows{"2|a|has \"quotes\" and\ttab", "3|b|plain"});
  CHECK(read_bytes("a.tsv", "label\ttext\na\t\"all\"\nb\t\"quoted\"\nb\t\"here\"\n").rows ==
        Rows{"2|a|all", "3|b|quoted", "4|b|here"});
}

TEST_CASE("A quote in TSV is a character where lines are whole rows without quotes") {
  const std::string dialogue =
      "narration\tThe door closed.\nspeech\t\"Look at the sky.\nspeech\tIt is green.\"\n"
      "narration\tA dog barked.\nspeech\t\"Run!\"\nspeech\t\"Where\nspeech\tto?\"\n";
  CHECK(read_bytes("a.tsv", dialogue).rows.size() == 7);
  CHECK(read_bytes("a.tsv", dialogue).rows[1] == "2|speech|\"Look at the sky.");
  CorpusOptions options = skipping();
  options.quotes = true;
  CHECK(read_bytes("a.tsv", dialogue, options).rows.size() == 5);
  // Line ends that would break a row: what they are in is quoted.
  CHECK(read_bytes("a.tsv", "speech\t\"two\nlines\"\nspeech\tone\nnarration\tmore\n").rows ==
        Rows{"1|speech|two\nlines", "3|speech|one", "4|narration|more"});
}

TEST_CASE("Header, columns and missing labels follow the options") {
  CorpusOptions options = skipping();
  options.header = false;
  CHECK(read_bytes("a.csv", "text,label\nhello you,x\nhello me,x\n", options).rows.size() == 3);
  options.header = true;
  CHECK(read_bytes("a.csv", "hello all,y\nhello you,x\nhello me,x\n", options).rows ==
        Rows{"2|x|hello you", "3|x|hello me"});
  CorpusOptions columns = skipping();
  columns.columns = {"lang", "1"};
  CHECK(read_bytes("a.csv", "text,label,lang\n\"a \"\"b\"\"\",x,en\n", columns).rows == Rows{"2|x|a \"b\"|en|a \"b\""});
  CorpusOptions unlabelled = skipping();
  unlabelled.need_label = false;
  unlabelled.need_text = false;
  CHECK(read_bytes("a.csv", "text,label\nhi,\n,x\n", unlabelled).rows == Rows{"2||hi", "3|x|"});
}

TEST_CASE("Broken UTF-8 in a text is repaired and counted, in a label it makes a bad row") {
  const Reading reading = read_bytes("a.csv", "text,label\ncaf\xE9,x\ncaf\xC3\xA9,y\nthe,t\xE9z\n", repairing());
  CHECK(reading.rows == Rows{"2|x|caf\xEF\xBF\xBD", "3|y|caf\xC3\xA9"});
  CHECK(reading.bad == Rows{"4: the label is not UTF-8: \"t\xEF\xBF\xBDz\""});
  CHECK(reading.repaired == 1);
}

TEST_CASE("Blanks before a quote are passed over where the cell closes in its line") {
  // As Python's csv.reader reads it with skipinitialspace, but for the quote that does not close.
  CHECK(read_bytes("a.csv", "label,text\na, \"one, two\"\nb,  \"doubled \"\"quotes\"\"\"\na, \"open\nb, \"x\" y\n")
            .rows == Rows{"2|a|one, two", "3|b|doubled \"quotes\"", "4|a| \"open", "5|b| \"x\" y"});
}

TEST_CASE("A quoted cell that holds rows is remarked on") {
  std::string csv = "text,label\n";
  for (int row = 0; row < 6; ++row) csv += "plain,a\nother,b\n";
  csv += "\"open,a\nsecond,b\nthird x\",a\n";
  const Corpus corpus = Corpus::over(csv, "a.csv", {});
  CHECK(read_all(corpus).rows.size() == 13);
  CHECK(corpus.remarks() == Rows{"a.csv:14: a quoted cell holds lines that look like rows: --no-quotes takes quotes as "
                                 "characters"});
  CorpusOptions options;
  options.quotes = false;
  CHECK(read_all(Corpus::over(csv, "a.csv", options)).rows.size() == 15);
}

TEST_CASE("Chunks end at row ends, never inside quotes") {
  std::string csv = "text,label\n";
  std::size_t rows = 0;
  while (csv.size() < 5 * kChunkBytes) {
    // Every third row has quoted line ends, every fifth a quote that does not close.
    std::string text(rows % 700, 'x');
    if (rows % 3 == 0) text = "\"" + text + "\n,\"\"\n" + text + "\"";
    csv += rows % 5 == 4 ? "\"broken,b\n" : text + "y,a\n";
    if (rows % 3 == 0 && rows % 5 != 4) csv.erase(csv.rfind("y,a"), 1);
    ++rows;
  }
  const TemporaryFolder files;
  const Corpus corpus = Corpus::open({files.write("a.csv", csv)}, skipping());
  REQUIRE(corpus.partition_count() >= 5);
  std::uint64_t good = 0;
  std::uint64_t bad = 0;
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    const PartitionSummary summary = corpus.read(chunk, [](const Example& example) { return example.label == "a"; });
    good += summary.rows;
    bad += summary.bad_row_count;
    CHECK(summary.bad_rows.size() <= 10);
  }
  CHECK(bad == rows / 5);
  CHECK(good == rows - rows / 5);
}

TEST_CASE("A quote that never closes does not swallow the rest") {
  std::string csv = "text,label\n\"open,a\n";
  for (int row = 0; row < 50000; ++row) csv += "plain text here,a\n";
  const TemporaryFolder files;
  const Corpus corpus = Corpus::open({files.write("a.csv", csv)}, skipping());
  std::uint64_t rows = 0;
  for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
    const PartitionSummary summary = corpus.read(chunk, [](const Example&) { return true; });
    rows += summary.rows;
    CHECK(summary.bad_row_count == (chunk == 0 ? 1 : 0));
    if (chunk == 0) CHECK(summary.bad_rows.front().reason == "unbalanced quote");
  }
  CHECK(rows == 50000);
}
