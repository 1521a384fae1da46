#include "textlambda/gate/baseline.h"

#include <filesystem>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/canonical_json.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/metrics/sample_rows.h"
#include "tests/temporary_folder.h"

using namespace textlambda;
using namespace textlambda::gate;
using namespace textlambda::metrics;
using Json = nlohmann::json;

namespace {

Baseline some_baseline(std::size_t wrong) {
  Baseline baseline;
  baseline.rows = sample_rows(many_rows(20, wrong));
  baseline.identity.tool_version = "1.2.3";
  baseline.identity.model_sha256 = std::string(64, 'a');
  baseline.identity.temperature = 1.5;
  baseline.identity.predictions_digest = predictions_digest(baseline.rows);
  baseline.settings.max_drop = {"accuracy=0.5pp", "recall[spam]=2pp"};
  baseline.settings.alpha = 0.01;
  return baseline;
}

std::string fault_of(const std::string& path) {
  try {
    read_baseline(path);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    return error.what();
  }
  return "";
}

// The JSON changed and its digest made to fit, as one who knows how would do.
std::string resealed(Json document) {
  document.erase("digest");
  document["digest"] = encoding::sha256_hex(canonical_json(document));
  return canonical_json(document);
}

}  // namespace

TEST_CASE("numbers are written in the shortest form that reads back") {
  const Json document = {{"b", {0.1, 1.0, 1e300, 5e-324, 123456789.123}},
                         {"a", std::numeric_limits<double>::quiet_NaN()},
                         {"c", {{"x", -0.0}, {"y", 18446744073709551615U}}},
                         {"d", Json::array()}};
  const std::string text = canonical_json(document);
  CHECK(text ==
        "{\n  \"a\": null,\n  \"b\": [0.1, 1, 1e+300, 5e-324, 123456789.123],\n  \"c\": {\n    \"x\": 0,\n"
        "    \"y\": 18446744073709551615\n  },\n  \"d\": []\n}\n");
  CHECK(canonical_json(read_json(text, "file")) == text);
}

TEST_CASE("JSON that nothing is known of is bounded") {
  CHECK_THROWS_WITH(read_json("{", "file"), Catch::StartsWith("file: "));
  CHECK_THROWS_WITH(read_json("[]", "file"), Catch::Contains("object"));
  std::string deep = "{\"a\":";
  for (int i = 0; i < 200000; ++i) deep += "[";
  CHECK_THROWS_AS(read_json(deep, "file"), io::Error);
  for (int i = 0; i < 200000; ++i) deep += "]";
  CHECK_THROWS_WITH(read_json(deep + "}", "file"), Catch::Contains("nested too deep"));
}

TEST_CASE("a baseline comes back as it was, wherever it is moved") {
  const TemporaryFolder folder;
  const Baseline baseline = some_baseline(3);
  write_baseline(folder.path("main.json"), baseline);
  CHECK(folder.file_count() == 2);
  const std::string bytes = folder.read("main.json");
  write_baseline(folder.path("main.json"), baseline);
  CHECK(folder.read("main.json") == bytes);
  CHECK(folder.file_count() == 2);

  std::filesystem::create_directory(folder.path("elsewhere"));
  for (const auto& file : std::filesystem::directory_iterator(folder.path(""))) {
    if (file.is_regular_file()) std::filesystem::copy(file.path(), folder.path("elsewhere"));
  }
  const Baseline back = read_baseline(folder.path("elsewhere/main.json"));
  CHECK(back.identity.tool_version == "1.2.3");
  CHECK(back.identity.model_sha256 == baseline.identity.model_sha256);
  CHECK(back.identity.temperature == 1.5);
  CHECK(back.settings.max_drop == baseline.settings.max_drop);
  CHECK(back.settings.alpha == baseline.settings.alpha);
  CHECK(back.rows.rows.size() == 20);
  CHECK(metrics_of(back.rows).correct == 17);
}

TEST_CASE("a new baseline takes the old one's rows away, and no other file") {
  const TemporaryFolder folder;
  write_baseline(folder.path("main.json"), some_baseline(3));
  write_baseline(folder.path("other.json"), some_baseline(3));
  folder.write("main.rows.txt", "mine");
  write_baseline(folder.path("main.json"), some_baseline(5));
  CHECK(folder.file_count() == 5);
  CHECK(metrics_of(read_baseline(folder.path("main.json")).rows).correct == 15);
  CHECK(metrics_of(read_baseline(folder.path("other.json")).rows).correct == 17);

  // A damaged one is replaced, and what it names stays, being no rows of its own.
  folder.write("main.json", "{\"rows\": {\"file\": \"other.json\"}, \"schema\": \"textlambda-baseline\"}");
  write_baseline(folder.path("main.json"), some_baseline(1));
  CHECK(metrics_of(read_baseline(folder.path("main.json")).rows).correct == 19);
  CHECK(metrics_of(read_baseline(folder.path("other.json")).rows).correct == 17);
}

TEST_CASE("what is no baseline is not overwritten with one") {
  const TemporaryFolder folder;
  for (const char* content : {"text,label\nhello,greeting\n", "{\"rows\": 3}", "TLMODEL"}) {
    folder.write("named-by-mistake", content);
    CHECK_THROWS_WITH(write_baseline(folder.path("named-by-mistake"), some_baseline(1)),
                      Catch::Contains("is not a baseline and would be overwritten"));
    CHECK(folder.read("named-by-mistake") == content);
  }
  folder.write("empty.json", "");  // as mktemp makes it
  write_baseline(folder.path("empty.json"), some_baseline(1));
  CHECK(read_baseline(folder.path("empty.json")).rows.rows.size() == 20);
  CHECK_THROWS_WITH(require_writable(folder.path("nowhere/main.json")), Catch::Contains("there is no folder"));
}

TEST_CASE("whatever is wrong with a baseline is said of the file that has it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("main.json");
  write_baseline(path, some_baseline(3));
  const std::string good = folder.read("main.json");
  const Json document = Json::parse(good);
  const std::string rows = document["rows"]["file"];
  const std::string rows_bytes = folder.read(rows);

  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string changed = good;
    changed[at] = changed[at] == '7' ? '8' : '7';
    folder.write("main.json", changed);
    CHECK_THAT(fault_of(path), Catch::StartsWith(path));
  }
  folder.write("main.json", good.substr(0, good.size() / 2));
  CHECK_THAT(fault_of(path), Catch::Contains("not JSON"));
  folder.write("main.json", "");
  CHECK_THAT(fault_of(path), Catch::StartsWith(path));
  folder.write("main.json", "{\"n\": 10}");
  CHECK_THAT(fault_of(path), Catch::Contains("is not a baseline"));

  Json changed = document;
  changed["schema_version"] = 2;
  folder.write("main.json", resealed(changed));
  CHECK_THAT(fault_of(path), Catch::Contains("another version"));
  for (const char* outside : {"../main.rows.x.zst", "/etc/passwd", "", ".."}) {
    changed = document;
    changed["rows"]["file"] = outside;
    folder.write("main.json", resealed(changed));
    CHECK_THAT(fault_of(path), Catch::Contains("beside it"));
  }
  changed = document;
  changed["settings"]["max_drop"] = 5;
  folder.write("main.json", resealed(changed));
  CHECK_THAT(fault_of(path), Catch::Contains("/settings/max_drop"));
  changed = document;
  changed["predictions_digest"] = "0";
  folder.write("main.json", resealed(changed));
  CHECK_THAT(fault_of(path), Catch::Contains("does not fit"));
  // Settings that the command line would refuse: the file is at fault all the same.
  const std::pair<const char*, Json> settings[] = {{"alpha", 7},
                                                   {"alpha", -0.0},
                                                   {"max_drop", {"acuracy=1pp"}},
                                                   {"max_drop", {"accuracy=1"}},
                                                   {"min", {"x"}},
                                                   {"max", {"ece=many"}},
                                                   {"max_drop", {"accuracy=1pp", "accuracy=2pp"}},
                                                   {"slices", {""}},
                                                   {"on_inconclusive", "perhaps"}};
  for (const auto& [name, value] : settings) {
    INFO(name << " " << value);
    changed = document;
    changed["settings"][name] = value;
    folder.write("main.json", resealed(changed));
    CHECK_THAT(fault_of(path), Catch::StartsWith(path + ": is damaged: its settings: "));
  }
  changed = document;
  changed["predictions_digest"] = "0";
  folder.write("main.json", resealed(changed));
  CHECK_THAT(fault_of(path), Catch::Contains("does not fit"));

  // White space, as a version-control system may change it, means nothing.
  folder.write("main.json", document.dump());
  CHECK_THAT(fault_of(path), Catch::Equals(""));
  folder.write(rows, rows_bytes.substr(1));
  CHECK_THAT(fault_of(path), Catch::StartsWith(folder.path(rows)));
  std::filesystem::remove(folder.path(rows));
  CHECK_THAT(fault_of(path), Catch::Contains("No such file"));
}
