#include "textlambda/loop/configuration.h"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::loop {
namespace {

using Variables = std::map<std::string, std::string>;

Configuration read(Variables variables, bool with_usual = true) {
  if (with_usual)
    variables.insert({{"TEXTLAMBDA_STORE", "models"}, {"TEXTLAMBDA_CORPUS", "a.csv"}, {"TEXTLAMBDA_TEST", "t.csv"}});
  return read_configuration([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

}  // namespace

TEST_CASE("what is not set is as in the command") {
  const Configuration configuration = read({});
  CHECK(configuration.store == "models");
  CHECK(configuration.corpora == std::vector<std::string>{"a.csv"});
  CHECK(configuration.tests == std::vector<std::string>{"t.csv"});
  CHECK(configuration.round.gate.max_drop == std::vector<std::string>{"accuracy=0.5pp"});
  CHECK(configuration.round.require == retrain::Requirement::not_worse);
  CHECK(configuration.round.training.seed == 1);
  CHECK(configuration.round.training.memory.bytes == 0);
  CHECK(configuration.feedback);
  CHECK(configuration.text_pointers == std::vector<std::string>{"/text", "/message", "/body", "/content"});
  CHECK(configuration.label_pointers == std::vector<std::string>{"/label"});
  CHECK(configuration.log_level == lambda::LogLevel::info);
}

TEST_CASE("each setting is read") {
  const Configuration configuration = read({{"TEXTLAMBDA_CORPUS", R"(["a,b.csv", "c.csv"])"},
                                            {"TEXTLAMBDA_TEST", "t.csv, u.csv"},
                                            {"TEXTLAMBDA_FORMAT", "csv"},
                                            {"TEXTLAMBDA_TEXT", "body"},
                                            {"TEXTLAMBDA_LABEL", "queue"},
                                            {"TEXTLAMBDA_MAX_DROP", "accuracy=1pp,recall[spam]=2pp"},
                                            {"TEXTLAMBDA_MIN", "accuracy=80%"},
                                            {"TEXTLAMBDA_REQUIRE", "improved"},
                                            {"TEXTLAMBDA_ALPHA", "0.01"},
                                            {"TEXTLAMBDA_SEED", "7"},
                                            {"TEXTLAMBDA_FEEDBACK", "off"},
                                            {"TEXTLAMBDA_TEXT_POINTERS", "/t"},
                                            {"TEXTLAMBDA_LABEL_POINTERS", "/l,/m"},
                                            {"TEXTLAMBDA_CORS_ORIGIN", "*"},
                                            {"TEXTLAMBDA_LOG_LEVEL", "off"},
                                            {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"}});
  CHECK(configuration.corpora == std::vector<std::string>{"a,b.csv", "c.csv"});
  CHECK(configuration.tests == std::vector<std::string>{"t.csv", "u.csv"});
  CHECK(configuration.reading.format == "csv");
  CHECK(configuration.reading.text == "body");
  CHECK(configuration.reading.label == "queue");
  CHECK(configuration.round.gate.max_drop == std::vector<std::string>{"accuracy=1pp", "recall[spam]=2pp"});
  CHECK(configuration.round.gate.min == std::vector<std::string>{"accuracy=80%"});
  CHECK(configuration.round.require == retrain::Requirement::improved);
  CHECK(configuration.round.gate.alpha == 0.01);
  CHECK(configuration.round.training.seed == 7);
  CHECK(configuration.round.training.memory.bytes == std::size_t{1769} << 20);
  CHECK_FALSE(configuration.feedback);
  CHECK(configuration.text_pointers == std::vector<std::string>{"/t"});
  CHECK(configuration.label_pointers == std::vector<std::string>{"/l", "/m"});
  CHECK_FALSE(configuration.allowed_origins.empty());
  CHECK(configuration.log_level == lambda::LogLevel::off);
  CHECK(read({{"TEXTLAMBDA_MEMORY", "512"}, {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"}}).round.training.memory.bytes ==
        std::size_t{512} << 20);
}

TEST_CASE("what is wrong names the variable and what is expected") {
  struct Case {
    const char* name;
    const char* value;
    const char* said;
  };
  for (const Case& each : {Case{"TEXTLAMBDA_MAX_DROP", "accuracy=much", "accuracy"},
                           {"TEXTLAMBDA_MAX_DROP", "[1]", "an array of METRIC=AMOUNT"},
                           {"TEXTLAMBDA_MIN", "beauty=1", "beauty"},
                           {"TEXTLAMBDA_REQUIRE", "better", "not-worse or improved"},
                           {"TEXTLAMBDA_ALPHA", "2", "a number"},
                           {"TEXTLAMBDA_SEED", "-1", "a whole number"},
                           {"TEXTLAMBDA_FORMAT", "xml", "xml"},
                           {"TEXTLAMBDA_FEEDBACK", "maybe", "on or off"},
                           {"TEXTLAMBDA_MEMORY", "1", "megabytes"},
                           {"TEXTLAMBDA_LABEL_POINTERS", "label", "JSON Pointers"},
                           {"TEXTLAMBDA_LOG_LEVEL", "loud", "debug, info, warn, error or off"}}) {
    CAPTURE(each.name, each.value);
    CHECK_THROWS_WITH(read({{each.name, each.value}}),
                      Catch::Matchers::StartsWith(std::string(each.name) + " is \"" + each.value + "\", expected ") &&
                          Catch::Matchers::Contains(each.said));
  }
  CHECK_THROWS_WITH(read({}, false), Catch::Matchers::StartsWith("TEXTLAMBDA_STORE is not set"));
  CHECK_THROWS_WITH(read({{"TEXTLAMBDA_STORE", "m"}}, false),
                    Catch::Matchers::StartsWith("TEXTLAMBDA_TEST is not set"));
  CHECK_NOTHROW(read({{"TEXTLAMBDA_STORE", "m"}, {"TEXTLAMBDA_TEST", "t"}}, false));
  CHECK_THROWS_WITH(read({{"TEXTLAMBDA_STORE", "m"}, {"TEXTLAMBDA_TEST", "t"}, {"TEXTLAMBDA_FEEDBACK", "no"}}, false),
                    Catch::Matchers::Contains("nothing to train on"));
}

TEST_CASE("the table in docs/bootstrap.md has every setting, and no other") {
  std::ifstream page(in_source_folder("docs/bootstrap.md"));
  std::set<std::string> documented;
  bool in_table = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("#")) in_table = line == "### bootstrap-retrain";
    if (!in_table || !line.starts_with("| `")) continue;
    // Several stand in one row.
    const std::string names = line.substr(0, line.find(" | ", 2));
    for (std::size_t at = 0; (at = names.find("TEXTLAMBDA_", at)) != std::string::npos;) {
      const std::size_t end = names.find('`', at);
      documented.insert(names.substr(at, end - at));
      at = end;
    }
  }
  CHECK(documented == std::set<std::string>(setting_names().begin(), setting_names().end()));
}

}  // namespace textlambda::loop
