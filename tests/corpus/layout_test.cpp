// Header, columns and what else a CSV or a JSON says of itself, in files as people have them.
#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using Rows = std::vector<std::string>;

namespace {

// Sorted by label, with unknown names: the first hundreds of rows have one label.
std::string sorted_csv(const std::string& header, const std::string& start, const std::string& separator = ",") {
  std::string csv = header;
  const std::vector<std::string> labels = {"konto", "rechnung", "lieferung"};
  for (const std::string& label : labels) {
    for (int row = 0; row < 320; ++row) {
      csv += start + "der text " + std::to_string(row % 40) + " zu " + label + separator + label + "\n";
    }
  }
  return csv;
}

}  // namespace

TEST_CASE("A file sorted by label is told by rows from all over it") {
  CHECK(recognised("a.csv", sorted_csv("Nachricht,Kategorie\n", "")) == "csv+header Nachricht Kategorie");
  CHECK(recognised("a.csv", sorted_csv("", "")) == "csv 1 2");
  CHECK(recognised("a.csv", "\xEF\xBB\xBF" + sorted_csv("Nachricht;Kategorie\r\n", "", ";")) ==
        "csv+header Nachricht Kategorie");
  std::string json;
  std::string array = "[";
  for (int row = 0; row < 600; ++row) {
    const std::string object = "{\"nachricht\":\"der text " + std::to_string(row % 40) + " zu\",\"thema\":\"" +
                               (row < 300 ? "konto" : "rechnung") + "\"}";
    json += object + "\n";
    array += (row == 0 ? "" : ", ") + object;
  }
  CHECK(recognised("a.jsonl", json) == "jsonl nachricht thema");
  CHECK(recognised("a.json", array + "]") == "json nachricht thema");
}

TEST_CASE("What cannot be told is not guessed, and the columns are listed with a value each") {
  std::string constant = "nachricht,kanal\n";
  std::string unique = "nummer,nachricht\n";
  for (int row = 0; row < 50; ++row) {
    constant += "ein text mit der nummer " + std::to_string(row) + ",web\n";
    unique += std::to_string(row) + ",ein text mit der nummer " + std::to_string(row) + "\n";
  }
  CHECK(
      error_of("a.csv", constant) ==
      "a.csv: cannot tell which column is the text and which the label: found \"nachricht\" (\"ein text mit der nummer "
      "0\") and \"kanal\" (\"web\"); say it with --text and --label");
  CHECK_FALSE(error_of("a.csv", unique).empty());
}

TEST_CASE("Headers as people and tools write them") {
  struct Case {
    std::string what;
    std::string bytes;
    std::string expected;
  };
  const std::string rows = "0,the app crashes on start,bug\n1,charged twice this month,billing\n2,it hangs again,bug\n";
  std::string form;
  for (int row = 0; row < 30; ++row) form += row % 3 == 0 ? "yes,please help me with it\n" : "no,all is fine here\n";
  const std::vector<Case> cases = {
      {"pandas' index", "Unnamed: 0,text,label\n" + rows, "csv+header text label"},
      {"pandas' index without a name", ",text,label\n" + rows, "csv+header text label"},
      {"a question", "\"Is it urgent?\",\"What happened, in your own words\"\n" + form,
       "csv+header What happened, in your own words Is it urgent?"},
      {"a spreadsheet's separator", "sep=;\r\ntext;label\r\nhi, you;x\r\nho;y\r\n", "csv+header text label"},
      {"commas in every sentence",
       "Das Gerät, das da, ist kaputt;Bug\nDas Gerät, das hier, auch;Bug\nWas, bitte, ist das;Frage\n", "csv 1 2"},
      {"bars", "text|label\nhi, you|x\nho|y\n", "csv+header text label"},
      {"the first row has a label of its own",
       "switch to french,change_language\nset a timer,set_alarm\nplay some jazz,play_music\nset an alarm,set_alarm\n"
       "put on a song,play_music\nwake me up at six,set_alarm\n",
       "csv 1 2"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.what);
    CHECK(recognised("a.csv", item.bytes) == item.expected);
  }
}

TEST_CASE("A header in the middle of a file is passed over, another order of columns is not") {
  const std::string csv = "text,label\nhi,x\nho,y\n\xEF\xBB\xBFtext,label\r\nhu,x\n";
  const Corpus corpus = Corpus::over(csv, "a.csv", {});
  CHECK(read_all(corpus).rows == Rows{"2|x|hi", "3|y|ho", "5|x|hu"});
  CHECK(corpus.remarks() == Rows{"a.csv:4: the header once more: passed over"});
  CHECK(error_of("a.csv", "text,label\nhi,x\nlabel,text\ny,ho\n") ==
        "a.csv:3: the header once more, its columns in another order");
}

TEST_CASE("Of columns with one name the number says which") {
  const std::string csv = "text,text,label\n1,hi,x\n2,ho,y\n";
  CHECK(error_of("a.csv", csv) == "a.csv: columns 1, 2 are all called \"text\": say which by its number, --text 2");
  CorpusOptions options = skipping();
  options.text = "2";
  CHECK(read_bytes("a.csv", csv, options).rows == Rows{"2|x|hi", "3|y|ho"});
}

TEST_CASE("Columns, delimiter and quotes can be said") {
  CorpusOptions options = skipping();
  options.column_names = {"id", "label", "text"};
  CHECK(read_bytes("a.csv", "1,x,hi\n2,y,ho\n", options).rows == Rows{"1|x|hi", "2|y|ho"});
  options.column_names = {"label", "text"};
  CHECK(error_of("a.csv", "1,x,hi\n2,y,ho\n", options) == "a.csv: has 3 columns, --columns names 2");
  CorpusOptions other = skipping();
  other.delimiter = '^';
  CHECK(read_bytes("a.txt", "text^label\nhi, you^x\nho^y\n", other).rows == Rows{"2|x|hi, you", "3|y|ho"});
  CorpusOptions literal = skipping();
  literal.quotes = false;
  CHECK(read_bytes("a.csv", "text,label\n\"hi,x\nho\",y\n", literal).rows == Rows{"2|x|\"hi", "3|y|ho\""});
}

TEST_CASE("fastText's labels are told under the names of CSV and TSV too") {
  const std::string lines =
      "__label__bug it crashes, often\n__label__billing charged, twice\n__label__bug hangs, too\n";
  CHECK(recognised("a.csv", lines) == "fasttext  ");
  CHECK(recognised("a.tsv", "__label__bug\tit crashes\n__label__billing\tcharged twice\n") == "fasttext  ");
  CHECK(read_bytes("a.csv", "text,label\nit crashes,__label__bug\ncharged twice,__label__billing\n").rows ==
        Rows{"2|bug|it crashes", "3|billing|charged twice"});
}

TEST_CASE("What only looks like CSV is refused by its name") {
  CHECK_THAT(error_of("a.jsonl", "[\"hi\", \"x\"]\n[\"ho\", \"y\"]\n"),
             Catch::StartsWith("a.jsonl: is JSON arrays, one a line"));
  CHECK_THAT(error_of("a.txt", "{'text': 'hi, you', 'label': 'x'}\n{'text': 'ho', 'label': 'y'}\n"),
             Catch::StartsWith("a.txt: is Python dictionaries"));
  CHECK_THAT(error_of("a.txt", "('hi, you', 'x')\n('ho', 'y')\n"), Catch::StartsWith("a.txt: is Python tuples"));
}

TEST_CASE("Exports of annotation tools do not tell their label") {
  CHECK_THAT(error_of("a.jsonl",
                      "{\"text\":\"hi\",\"accept\":[\"x\"],\"answer\":\"accept\"}\n"
                      "{\"text\":\"ho\",\"accept\":[],\"answer\":\"ignore\"}\n"),
             Catch::StartsWith("a.jsonl: cannot tell which field is the label: \"accept\" is an array") &&
                 Catch::EndsWith("--label /accept/0"));
  CHECK_THAT(error_of("a.jsonl",
                      "{\"text\":\"hi\",\"label\":\"x\",\"answer\":\"accept\"}\n"
                      "{\"text\":\"ho\",\"label\":\"x\",\"answer\":\"reject\"}\n"),
             Catch::Contains("\"answer\" says which rows an annotator accepted"));
  CHECK_THAT(
      error_of("a.jsonl", "{\"id\":1,\"text\":\"hi\",\"label\":[\"x\"]}\n{\"id\":2,\"text\":\"ho\",\"label\":[]}\n"),
      Catch::EndsWith("--label /label/0"));
  CHECK_THAT(error_of("a.json",
                      "[{\"id\":1,\"annotations\":[{\"id\":5,\"result\":[{\"value\":{\"choices\":[\"x\"]}}]}],"
                      "\"data\":{\"text\":\"hi\"}}]"),
             Catch::EndsWith("--label /annotations/0/result/0/value/choices/0"));
}

TEST_CASE("An input that is given twice is remarked on") {
  const TemporaryFolder files;
  const std::string first = files.write("a.csv", "text,label\nhi,x\nho,y\n");
  const std::string second = files.write("b.csv", "text,label\nhi,x\nho,y\n");
  CHECK(Corpus::open({first, second}, {}).remarks() ==
        Rows{second + ": is given twice: it has the same bytes as " + first + "; each of its rows counts twice"});
}
