#include "textlambda/corpus/row_source.h"

#include <algorithm>

#include "textlambda/corpus/memory_source.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;

namespace {

struct Identified {
  RowId id;
  std::uint64_t line = 0;
  std::string text;
};

// Every row, the partitions in that order.
std::vector<Identified> identify_all(const RowSource& source, bool backwards) {
  std::vector<Identified> rows;
  for (std::size_t i = 0; i < source.partition_count(); ++i) {
    const std::size_t partition = backwards ? source.partition_count() - 1 - i : i;
    source.read(partition, [&](const Example& example) {
      rows.push_back({source.identify(partition, example.row), source.locate(partition, example.line).line,
                      std::string(example.text)});
      return true;
    });
  }
  std::sort(rows.begin(), rows.end(), [](const Identified& a, const Identified& b) { return a.id < b.id; });
  return rows;
}

// Ordinals from 0 without a gap in each input; every row is found again by its identity.
void check_identities(const RowSource& source, const std::vector<Identified>& rows) {
  RowId expected;
  std::size_t wrong = 0;
  for (const Identified& row : rows) {
    if (row.id.input != expected.input) expected = {row.id.input, 0};
    wrong += row.id != expected ? 1 : 0;
    ++expected.ordinal;
    const RowSource::Place place = source.find(row.id);
    wrong += source.identify(place.partition, place.row) != row.id ? 1 : 0;
    wrong += source.input_of(place.partition) != row.id.input ? 1 : 0;
  }
  CHECK(wrong == 0);
}

// Three rows in five lines each round: a blank line, a bad row, and a CRLF among them.
std::string uneven_rows(std::size_t bytes) {
  std::string json;
  for (int round = 0; json.size() < bytes; ++round) {
    const std::string number = std::to_string(round);
    json += "{\"text\":\"first " + number + "\",\"label\":\"a\"}\n\n";
    json += "{\"text\":\"no label\"}\n \r\n";
    json += "{\"text\":\"last " + number + "\",\"label\":\"b\"}\r\n";
  }
  return json;
}

}  // namespace

TEST_CASE("A row is its input and its ordinal, in whatever order the partitions are read") {
  const std::string json = uneven_rows(std::size_t{700} << 10);
  std::string csv = "text,label\r\n";
  for (int row = 0; row < 20000; ++row) csv += "\"two\r\nlines " + std::to_string(row) + "\",x\r\n";
  const TemporaryFolder files;
  CorpusOptions options;
  options.on_bad_row = OnBadRow::deliver;
  const std::vector<std::string> paths = {files.write("a.jsonl", json), files.write("b.csv", csv),
                                          files.write("c.txt", "__label__x one\n\n__label__y two\n")};
  for (const bool backwards : {false, true}) {
    const Corpus corpus = Corpus::open(paths, options);
    REQUIRE(corpus.partition_count() > 8);
    const std::vector<Identified> rows = identify_all(corpus, backwards);
    check_identities(corpus, rows);

    const auto rounds = static_cast<std::size_t>(std::count(json.begin(), json.end(), '\n')) / 5;
    REQUIRE(rows.size() == 3 * rounds + 20000 + 2);
    const Identified& last_of_json = rows[3 * rounds - 1];
    CHECK(last_of_json.id == RowId{0, 3 * rounds - 1});
    CHECK(last_of_json.line == 5 * rounds);
    CHECK(last_of_json.text == "last " + std::to_string(rounds - 1));
    const Identified& tenth_of_csv = rows[3 * rounds + 9];
    CHECK(tenth_of_csv.id == RowId{1, 9});
    CHECK(tenth_of_csv.line == 20);  // after the header and nine rows of two lines
    CHECK(tenth_of_csv.text == "two\r\nlines 9");
    CHECK(rows.back().id == RowId{2, 1});
    CHECK(rows.back().line == 3);
  }
}

TEST_CASE("A bad row has an ordinal, whatever is done with it") {
  const std::string json = "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\"}\n{\"text\":\"c\",\"label\":\"x\"}\n";
  for (const OnBadRow policy : {OnBadRow::skip, OnBadRow::deliver}) {
    CorpusOptions options;
    options.on_bad_row = policy;
    const Corpus corpus = Corpus::over(json, "a.jsonl", options);
    std::vector<std::uint64_t> ordinals;
    const PartitionSummary summary = corpus.read(0, [&](const Example& example) {
      ordinals.push_back(corpus.identify(0, example.row).ordinal);
      return true;
    });
    CHECK(ordinals ==
          (policy == OnBadRow::skip ? std::vector<std::uint64_t>{0, 2} : std::vector<std::uint64_t>{0, 1, 2}));
    REQUIRE(summary.bad_rows.size() == 1);
    CHECK(summary.bad_rows[0].row == 1);
    CHECK(summary.bad_rows[0].line == 2);
  }
}

TEST_CASE("Ordinals are known before anything was read, and after a reading that stopped early") {
  const Corpus corpus = Corpus::over(uneven_rows(std::size_t{300} << 10), "a.jsonl", skipping());
  REQUIRE(corpus.partition_count() >= 2);
  corpus.read(0, [](const Example&) { return false; });
  const std::uint64_t before = corpus.rows_before(1);
  const PartitionSummary first = corpus.read(0, [](const Example&) { return true; });
  CHECK(before == first.rows + first.bad_row_count);
}

TEST_CASE("A compressed input has the rows of what it holds") {
  // printf '{"text":"a","label":"x"}\n\n{"text":"b","label":"y"}\n' | gzip -n9 | xxd -i
  const std::string gzip = [] {
    constexpr unsigned char kBytes[] = {
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x2a, 0x49, 0xad, 0x28, 0x51, 0xb2,
        0x52, 0x4a, 0x54, 0xd2, 0x51, 0xca, 0x49, 0x4c, 0x4a, 0xcd, 0x01, 0xb2, 0x2b, 0x94, 0x6a, 0xb9, 0xb8, 0xaa,
        0x61, 0x32, 0x49, 0x48, 0x32, 0x95, 0x40, 0x19, 0x00, 0x65, 0x35, 0xf9, 0xba, 0x33, 0x00, 0x00, 0x00};
    return std::string(reinterpret_cast<const char*>(kBytes), sizeof kBytes);
  }();
  const TemporaryFolder files;
  const Corpus corpus = Corpus::open({files.write("a.jsonl.gz", gzip)}, {});
  const std::vector<Identified> rows = identify_all(corpus, false);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].id == RowId{0, 1});
  CHECK(rows[1].line == 3);
  CHECK(rows[1].text == "b");
}

TEST_CASE("A stream's next rows count on") {
  CorpusOptions options;
  options.need_label = false;
  options.prefer_lines = true;
  const Corpus first = Corpus::over("\xEF\xBB\xBFone\n\ntwo\n", "standard input", options);
  const Corpus second = first.continued("three\n\nfour\n");
  const Corpus third = second.continued("five");
  CHECK(read_all(first).rows == std::vector<std::string>{"1||one", "3||two"});
  CHECK(read_all(second).rows == std::vector<std::string>{"4||three", "6||four"});
  CHECK(read_all(third).rows == std::vector<std::string>{"7||five"});
  CHECK(third.identify(0, 0) == RowId{0, 4});
  CHECK(third.find({0, 4}).row == 0);
}

TEST_CASE("Rows in memory are a source like a file's") {
  CorpusOptions options;
  options.on_bad_row = OnBadRow::deliver;
  options.columns = {"lang"};
  const std::vector<MemoryRow> rows = {{"good morning", "greeting", {"en"}},
                                       {"bad \xFF byte", "other", {}},
                                       {"no label", "", {}},
                                       {"ciao", "greeting", {"it"}}};
  for (const std::size_t rows_per_partition : {1U, 3U, 100U}) {
    const MemorySource source(rows, options, "chat", rows_per_partition);
    CHECK(source.partition_count() == (4 + rows_per_partition - 1) / rows_per_partition);
    const std::vector<Identified> read = identify_all(source, true);
    check_identities(source, read);
    REQUIRE(read.size() == 4);
    CHECK(read[1].text == "bad \xEF\xBF\xBD byte");
    CHECK(read[3].id == RowId{0, 3});
    CHECK(read[3].line == 4);
    CHECK(source.bytes() == 12 + 8 + 2 + 10 + 5 + 8 + 4 + 8 + 2);
    // printf 'good morning\0greeting\0en\0bad \377 byte\0other\0\0no label\0\0\0ciao\0greeting\0it\0' | sha256sum
    CHECK(source.sha256() == "dd04270bab0215190f4e3d35aaa51bd5a2ade08f056567b1b4c8775fae5e5886");
  }
  std::string reason;
  std::string lang;
  MemorySource(rows, options).read(0, [&](const Example& example) {
    if (!example.bad_reason.empty()) reason = example.bad_reason;
    if (example.row == 0) lang = example.columns->front();
    return true;
  });
  CHECK(reason == "empty label");
  CHECK(lang == "en");
  CHECK_THROWS_WITH(MemorySource(std::vector<MemoryRow>{{"a", "", {}}}).read(0, [](const Example&) { return true; }),
                    "memory:1: empty label");
}

TEST_CASE("of the faults of several partitions the first ten are told, and all counted") {
  std::vector<MemoryRow> rows(25, MemoryRow{"", "x", {}});
  rows[3].text = "a";
  CorpusOptions options;
  options.on_bad_row = OnBadRow::skip;
  const MemorySource source(std::move(rows), options, "rows", 6);
  RowFaults faults;
  for (std::size_t partition = 0; partition < source.partition_count(); ++partition) {
    faults.add(source, partition, source.read(partition, [](const Example&) { return true; }));
  }
  CHECK(faults.repaired_rows == 0);
  CHECK(faults.bad_row_count == 24);
  REQUIRE(faults.bad_rows.size() == 10);
  CHECK(faults.bad_rows[2].location.line == 3);
  CHECK(faults.bad_rows[3].location.line == 5);
  CHECK(faults.bad_rows[9].location.line == 11);
}
