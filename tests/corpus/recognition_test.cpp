#include "textlambda/corpus/recognition.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using namespace std::string_view_literals;

TEST_CASE("Format and columns are recognised from the content") {
  struct Case {
    std::string_view what;
    std::string name;
    std::string_view bytes;
    std::string_view expected;
  };
  const std::vector<Case> cases = {
      {"JSON Lines under another name", "a.csv", "{\"text\": \"a, b\", \"label\": \"x\"}\n", "jsonl text label"},
      {"a JSON array in one line", "a.txt", "[{\"text\":\"a, b\",\"label\":\"x\"},{\"text\":\"c\",\"label\":\"y\"}]",
       "json text label"},
      {"a JSON array in many lines", "a", "\xEF\xBB\xBF\n[\n  {\n    \"text\": \"a\",\n    \"label\": \"x\"\n  }\n]\n",
       "json text label"},
      {"a JSON array with an object a line", "a.jsonl",
       "[\n{\"text\":\"a\",\"label\":\"x\"},\n{\"text\":\"b\",\"label\":\"y\"},\n{\"text\":\"c\",\"label\":\"y\"}\n]\n",
       "json text label"},
      {"cells that are JSON arrays", "a.tsv",
       "[{\"x\": 1}]\tone\n[{\"x\": 2}]\ttwo\n[{\"x\": 3}]\tone\n[{\"x\": 4}]\ttwo\n", "tsv 1 2"},
      {"fields by known names, any case", "a", "{\"Category\":\"x\",\"id\":1,\"Review_Text\":\"a\"}\n",
       "jsonl Review_Text Category"},
      {"a compound name yields to a plain one", "a", "{\"label_text\":\"neg\",\"label\":0,\"text\":\"a\"}\n",
       "jsonl text label"},
      {"two unknown fields by their values", "a",
       "{\"foo\":\"some long text\",\"bar\":\"x\"}\n{\"foo\":\"another text\",\"bar\":\"x\"}\n", "jsonl foo bar"},
      {"fastText", "a.txt", "__label__x hello, you\n__label__y bye, you\n", "fasttext  "},
      {"CSV with header", "a", "text,label\nhi,x\n", "csv+header text label"},
      {"semicolons, commas in the text", "a", "id;comment;category\n1;gut, ja;a\n2;\"x;y\";b\n",
       "csv+header comment category"},
      {"no header, label last", "a.csv",
       "I love this product so much,pos\nTerrible quality and bad,neg\nWorks as it should,pos\nDo not buy it,neg\n",
       "csv 1 2"},
      {"no header, rating, title and body", "a.csv",
       "\"2\",\"Stunning\",\"This sound track was beautiful! It paints\"\n"
       "\"2\",\"The best ever\",\"I am reading a lot of reviews saying\"\n"
       "\"1\",\"Amazing!\",\"This soundtrack is my favorite music of all time\"\n"
       "\"2\",\"Excellent\",\"I truly like this soundtrack and I enjoy it\"\n",
       "csv 3 1"},
      {"header with unknown names", "a.csv",
       "utt,klass\nhow do i reset it,reset\nwhere is my order,order\nreset my password,reset\ni never got it,order\n",
       "csv+header utt klass"},
      {"header above numbers", "a.csv", "klass,utt\n0,how do i reset it\n1,where is my order\n0,my password please\n",
       "csv+header utt klass"},
      {"empty columns do not count", "a.csv",
       "v1,v2,,,\nham,\"Go until jurong point, crazy\",,,\nham,Ok lar... Joking wif u,,,\nspam,Free entry to win,,,\n"
       "spam,WINNER!! As a customer,,,\n",
       "csv+header v2 v1"},
      {"a label that is a known name is no header", "a.csv",
       "question,What is the capital\nstatement,It is raining\nquestion,Who are you\n", "csv 2 1"},
      {"a text of known words is no header", "a.csv", "great data,pos\nbad,neg\nfine indeed,pos\nworse,neg\n",
       "csv 1 2"},
      {"a text column by its compound name", "a.csv",
       "tweet_id,airline_sentiment,airline_sentiment_confidence,text\n1,neutral,1.0,What\n2,positive,0.3,plus\n",
       "csv+header text airline_sentiment"},
      {"TSV with commas", "a", "ham\tGo, now\nham\tOk, lar, you\nspam\tFree\nspam\tWin\n", "tsv 2 1"},
      {"byte order mark", "a", "\xEF\xBB\xBFtext,label\nhi,x\n", "csv+header text label"},
      {"CR line ends", "a", "text,label\rhi,x\r", "csv+header text label"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.what);
    CHECK(recognised(item.name, item.bytes) == item.expected);
  }
}

TEST_CASE("Without the need for a label, plain lines are a format and prose is no CSV") {
  CorpusOptions options;
  options.need_label = false;
  CHECK(recognised("a", "Hello, you\nFine, thanks\n", options) == "lines  ");
  CHECK(recognised("a", "one line", options) == "lines  ");
  CHECK(recognised("a", "{not json}\n", options) == "lines  ");
  CHECK(recognised("a", "text\nHello, you\nFine\n", options) == "lines  ");
  CHECK(recognised("a.csv", "text\n\"Hello, you\"\nFine\n", options) == "csv+header text ");
  CHECK(recognised("a", "id,text\n1,Hello\n2,Fine\n", options) == "csv+header text ");
  CHECK(recognised("a", "{\"text\":\"a\"}\n", options) == "jsonl text ");
  CHECK(recognised("a", "{\"message\":\"a\",\"intent\":\"b\"}\n", options) == "jsonl message intent");
}

TEST_CASE("What is no corpus is refused with a reason") {
  struct Case {
    std::string name;
    std::string_view bytes;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"a.csv", "", "a.csv: is empty, expected a labelled corpus"},
      {"a.csv", "\n \r\n\t\n", "a.csv: is empty, expected a labelled corpus"},
      {"a.csv", "\xEF\xBB\xBF", "a.csv: is empty, expected a labelled corpus"},
      {"a.csv", "text,label\n", "a.csv: has a header and no rows"},
      {"a.bin", "a\0\x01\x02"sv, "a.bin: is a binary file, expected text"},
      {"a.bin", "\x01\x02\x03 abc\n"sv, "a.bin: is a binary file, expected text"},
      {"a.csv", "t\0e\0x\0t\0,\0l\0"sv, "a.csv: is UTF-16 without a byte order mark: --encoding utf-16le reads it so"},
      {"a.json", "[\n [\"a\", \"b\"]\n]\n",
       "a.json: is a JSON array of something else than objects, expected JSON Lines or an array of objects"},
      {"a.json", "{\n \"text\": \"a\",\n \"label\": \"b\"\n}\n",
       "a.json: is JSON over several lines, expected JSON Lines (one object a line) or an array of objects"},
      {"a.txt", "some prose\nand more of it\n",
       "a.txt: no known format: expected JSON Lines, a JSON array, CSV or TSV with a text and a label column, or "
       "fastText lines "
       "(say which with --format)"},
      {"a.jsonl", "{\"foo\":\"a\",\"bar\":1,\"baz\":2}\n",
       "a.jsonl: cannot tell which field is the text and which the label: found \"foo\" (\"a\"), "
       "\"bar\" (\"1\") and \"baz\" (\"2\"); say it with --text and --label"},
      {"a.jsonl", "{\"text\":\"a\",\"foo\":1,\"bar\\u0007\":2}\n",
       "a.jsonl: cannot tell which field is the label: found \"text\" (\"a\"), \"foo\" (\"1\") and "
       "\"bar\\u0007\" (\"2\"); say it with --label"},
  };
  for (const Case& item : cases) CHECK(error_of(item.name, item.bytes) == item.message);
}

TEST_CASE("Columns that the user names are found or refused") {
  const auto options = [](std::string text, std::string label) {
    CorpusOptions result;
    result.text = std::move(text);
    result.label = std::move(label);
    return result;
  };
  constexpr std::string_view kCsv = "text,label,lang\nhi,x,en\nho,y,de\n";
  CHECK(recognised("a.csv", kCsv, options("", "lang")) == "csv+header text lang");
  CHECK(recognised("a.csv", kCsv, options("1", "3")) == "csv+header text lang");
  CHECK(error_of("a.csv", kCsv, options("nix", "")) ==
        "a.csv: no column \"nix\": found \"text\", \"label\" and \"lang\"");
  CHECK(error_of("a.csv", kCsv, options("4", "")) == "a.csv: no column \"4\": found \"text\", \"label\" and \"lang\"");
  CHECK(error_of("a.csv", "1,hello there\n2,what now\n1,good bye\n", options("nix", "")) ==
        "a.csv: no column \"nix\": there is no header, columns are called 1 to 2");
  CHECK(error_of("a.jsonl", "{\"text\":\"a\",\"label\":\"b\"}\n", options("", "nix")) ==
        "a.jsonl: no field \"nix\" in the first rows: found \"text\" and \"label\"");
  CHECK(error_of("a.txt", "__label__a b\n", options("nix", "")) == "a.txt: fastText lines have no column \"nix\"");
  CHECK(error_of("a.csv", kCsv, options("text", "text")) == "text and label are the same column");
}

TEST_CASE("Formats have names") {
  CHECK(format_names("auto") == "auto, json, jsonl, tsv, csv, fasttext or lines");
  for (const Format* format : formats()) {
    CAPTURE(format->name);
    CHECK(find_format(format->name) == format);
    CHECK_FALSE(format->title.empty());
    CHECK(format->fit != nullptr);
    CHECK(format->open != nullptr);
    for (const std::string_view ending : format->endings) CHECK(format_of_ending(ending) == format);
    CHECK(checked_format(std::string(format->name)) == format->name);
  }
  CHECK_THROWS_WITH(checked_format("xml"),
                    "unknown corpus format \"xml\", expected automatic, json, jsonl, tsv, csv, fasttext or lines");
  CorpusOptions options;
  options.format = "xml";
  CHECK_THROWS_WITH(Corpus::over("a", "a", options),
                    "unknown corpus format \"xml\", expected automatic, json, jsonl, tsv, csv, fasttext or lines");
}
