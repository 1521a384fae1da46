#include "textlambda/corpus/stream_start.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;

namespace {

CorpusOptions streaming() {
  CorpusOptions options;
  options.need_label = false;
  options.need_text = false;
  options.prefer_lines = true;
  return options;
}

// "rows jsonl 12", "whole csv", "more": what the stream comes to, its lines given one by one or all at once.
std::string told(std::string_view bytes, bool at_once, const CorpusOptions& options = streaming()) {
  StreamStart start(options, "stream");
  StreamStart::Answer answer = StreamStart::Answer::more;
  std::size_t given = at_once ? bytes.size() : 0;
  while (answer == StreamStart::Answer::more) {
    const bool ended = given == bytes.size() && !at_once;
    if (!at_once && !ended) {
      const std::size_t end = bytes.find('\n', given);
      given = end == std::string_view::npos ? bytes.size() : end + 1;
    }
    answer = start.look(bytes.substr(0, given), ended);
    if (ended) break;
    at_once = at_once && answer != StreamStart::Answer::more;
  }
  if (answer == StreamStart::Answer::more) return "more";
  if (answer == StreamStart::Answer::whole) return "whole " + start.options().format;
  return "rows " + start.options().format + " " + std::to_string(start.bytes());
}

}  // namespace

TEST_CASE("How a stream is read does not depend on the pieces it comes in") {
  struct Case {
    std::string_view bytes;
    std::string_view expected;
  };
  const std::vector<Case> cases = {
      {"my invoice, again\nmore\n", "rows lines 18"},
      {"\n\nafter two blank lines\n", "rows lines 24"},
      {"\n \n", "rows lines 3"},
      {"{\"text\": \"a\"}\n{\"text\": \"b\"}\n", "rows jsonl 14"},
      {"{\"id\": 1}\n{\"text\": \"b\"}\nx\n", "rows jsonl 24"},
      {"{\"foo\": 1}\n", "rows jsonl 11"},
      {"id,text\n1,a\n", "whole csv"},
      {"\"id\";\"message\"\n1;a\n", "whole csv"},
      {"Unnamed: 0,text,label\n0,a,b\n", "whole csv"},
      {"sep=;\nfoo;bar\n", "whole csv"},
      {"id\ttext\n1\ta\n", "whole tsv"},
      {"[\n{\"text\": \"a\"}]\n", "whole "},
      {"[1] is a reference\n", "rows lines 19"},
      {"__label__a one\n", "rows fasttext 15"},
      {"hello,world\n", "rows lines 12"},
      {"hello,world\nand more of it\n", "rows lines 12"},
      {"Hello, text\nmore, text\n", "rows lines 12"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.bytes);
    CHECK(told(item.bytes, false) == item.expected);
    CHECK(told(item.bytes, true) == item.expected);
  }
}

TEST_CASE("What looks like CSV under unknown names has to be said to be one") {
  CHECK_THROWS_WITH(
      told("id,beschreibung\n1,kaputt\n", false),
      "stream:1: its first line looks like the header of a CSV: say --format csv, or --format lines where "
      "each line is a text");
  CorpusOptions options = streaming();
  options.format = "lines";
  CHECK(told("id,beschreibung\n1,kaputt\n", false, options) == "rows lines 16");
  options.format = "csv";
  CHECK(told("id,beschreibung\n1,kaputt\n", false, options) == "whole csv");
}
