#include "textlambda/lambda/configuration.h"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::lambda {
namespace {

using Variables = std::map<std::string, std::string>;

Configuration read(const Variables& variables) {
  return read_configuration([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST_CASE("an environment without settings") {
  const Configuration configuration = read({{"LAMBDA_TASK_ROOT", "/var/task"}});
  CHECK(configuration.model_path == "/var/task/model.tlm");
  CHECK(configuration.handler.text_pointers == std::vector<std::string>{"/text", "/message", "/body", "/content"});
  CHECK(configuration.handler.top_k == 0);
  CHECK_FALSE(configuration.handler.abstain_threshold.has_value());
  CHECK(configuration.handler.allowed_origins.empty());
  CHECK(configuration.log_level == LogLevel::info);
  CHECK_FALSE(configuration.log_text);
  CHECK(configuration.metrics);
  CHECK(configuration.metrics_options.name_space == "textlambda");
  CHECK(configuration.metrics_options.function_name == "");
  CHECK(configuration.metrics_options.low_confidence == 0.5F);
  CHECK(configuration.capture == 0);
  CHECK(read({}).model_path == "./model.tlm");
}

TEST_CASE("every setting set") {
  const Configuration configuration = read({{"LAMBDA_TASK_ROOT", "/var/task"},
                                            {"AWS_LAMBDA_FUNCTION_NAME", "tickets"},
                                            {"AWS_LAMBDA_LOG_LEVEL", "ERROR"},
                                            {"TEXTLAMBDA_MODEL", "/opt/other.tlm"},
                                            {"TEXTLAMBDA_TEXT_POINTERS", "/a/0/b, /c~1d"},
                                            {"TEXTLAMBDA_TOP_K", "3"},
                                            {"TEXTLAMBDA_ABSTAIN_THRESHOLD", "0.75"},
                                            {"TEXTLAMBDA_CORS_ORIGIN", "https://a.example, https://b.example"},
                                            {"TEXTLAMBDA_LOG_LEVEL", "Debug"},
                                            {"TEXTLAMBDA_LOG_TEXT", "on"},
                                            {"TEXTLAMBDA_METRICS", "off"},
                                            {"TEXTLAMBDA_METRICS_NAMESPACE", "Support/Tickets"},
                                            {"TEXTLAMBDA_LOW_CONFIDENCE", "0.9"},
                                            {"TEXTLAMBDA_CAPTURE", "0.01"},
                                            {"TEXTLAMBDA_CAPTURE_REDACT", " x-tenant-key ,pin"}});
  CHECK(configuration.capture_redact == std::vector<std::string>{"x-tenant-key", "pin"});
  CHECK(configuration.model_path == "/opt/other.tlm");
  CHECK(configuration.handler.text_pointers == std::vector<std::string>{"/a/0/b", "/c~1d"});
  CHECK(configuration.handler.top_k == 3);
  CHECK(configuration.handler.abstain_threshold == 0.75F);
  CHECK(configuration.handler.allowed_origins.answer_to("https://b.example") == "https://b.example");
  CHECK(configuration.log_level == LogLevel::debug);
  CHECK(configuration.log_text);
  CHECK_FALSE(configuration.metrics);
  CHECK(configuration.metrics_options.name_space == "Support/Tickets");
  CHECK(configuration.metrics_options.function_name == "tickets");
  CHECK(configuration.metrics_options.low_confidence == 0.9F);
  CHECK(configuration.capture == 0.01);
}

TEST_CASE("settings in other spellings") {
  CHECK(read({{"TEXTLAMBDA_TEXT_POINTERS", R"(["/a,b", "/c"])"}}).handler.text_pointers ==
        std::vector<std::string>{"/a,b", "/c"});
  CHECK(read({{"TEXTLAMBDA_METRICS", "false"}}).metrics == false);
  CHECK(read({{"TEXTLAMBDA_METRICS", " 0 "}}).metrics == false);
  CHECK(read({{"TEXTLAMBDA_LOG_TEXT", "yes"}}).log_text);
  CHECK(read({{"TEXTLAMBDA_CAPTURE", "1"}}).capture == 1);
  CHECK(read({{"TEXTLAMBDA_CAPTURE", "1e-3"}}).capture == 0.001);
  // Lambda's own level, which nobody here can refuse.
  CHECK(read({{"AWS_LAMBDA_LOG_LEVEL", "WARN"}}).log_level == LogLevel::warn);
  CHECK(read({{"AWS_LAMBDA_LOG_LEVEL", "LOUD"}}).log_level == LogLevel::info);
  // A template's parameter that was left empty.
  for (const std::string_view name : setting_names()) {
    CAPTURE(name);
    CHECK_NOTHROW(read({{std::string(name), ""}}));
    CHECK_NOTHROW(read({{std::string(name), "  "}}));
  }
  CHECK(read({{"TEXTLAMBDA_MODEL", ""}, {"LAMBDA_TASK_ROOT", "/t"}}).model_path == "/t/model.tlm");
}

TEST_CASE("a bad setting is refused by name, with its value and what is expected") {
  struct Row {
    const char* name;
    const char* value;
    const char* expected;
  };
  const Row rows[] = {
      {"TEXTLAMBDA_TEXT_POINTERS", "text", "JSON Pointers"},
      {"TEXTLAMBDA_TEXT_POINTERS", "/a~2", "JSON Pointers"},
      {"TEXTLAMBDA_TEXT_POINTERS", "[1]", "an array of JSON Pointers"},
      {"TEXTLAMBDA_TEXT_POINTERS", "[\"/a\"", "an array of JSON Pointers"},
      {"TEXTLAMBDA_TEXT_POINTERS", "[]", "JSON Pointers"},
      {"TEXTLAMBDA_TOP_K", "-1", "from 0 to 1000"},
      {"TEXTLAMBDA_TOP_K", "1001", "from 0 to 1000"},
      {"TEXTLAMBDA_TOP_K", "3.5", "from 0 to 1000"},
      {"TEXTLAMBDA_TOP_K", "99999999999999999999", "from 0 to 1000"},
      {"TEXTLAMBDA_ABSTAIN_THRESHOLD", "50%", "from 0 to 1"},
      {"TEXTLAMBDA_ABSTAIN_THRESHOLD", "1.5", "from 0 to 1"},
      {"TEXTLAMBDA_ABSTAIN_THRESHOLD", "nan", "from 0 to 1"},
      {"TEXTLAMBDA_CORS_ORIGIN", "app.example", "* or origins separated by commas: \"app.example\" has no scheme"},
      {"TEXTLAMBDA_CORS_ORIGIN", "https://*.example", "* or origins separated by commas"},
      {"TEXTLAMBDA_CORS_ORIGIN", "https://a.example/", "has a path, or a slash at its end"},
      {"TEXTLAMBDA_LOG_LEVEL", "verbose", "debug, info, warn, error or off"},
      {"TEXTLAMBDA_LOG_TEXT", "maybe", "on or off"},
      {"TEXTLAMBDA_METRICS", "2", "on or off"},
      {"TEXTLAMBDA_METRICS_NAMESPACE", "AWS/Lambda", "not beginning with AWS/"},
      {"TEXTLAMBDA_METRICS_NAMESPACE", "größe", "letters, digits"},
      {"TEXTLAMBDA_LOW_CONFIDENCE", "high", "from 0 to 1"},
      {"TEXTLAMBDA_CAPTURE", "1%", "from 0 to 1"},
      {"TEXTLAMBDA_CAPTURE", "-0.1", "from 0 to 1"},
      {"TEXTLAMBDA_CAPTURE", "inf", "from 0 to 1"},
      {"TEXTLAMBDA_CAPTURE_REDACT", "pin,,x", "separated by commas"},
      {"TEXTLAMBDA_CAPTURE_REDACT", "two words", "separated by commas"},
      {"TEXTLAMBDA_CAPTURE_REDACT", "pin=4", "separated by commas"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name, row.value);
    try {
      read({{row.name, row.value}});
      FAIL_CHECK("nothing was thrown");
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::usage);
      const std::string start = std::string(row.name) + " is \"" + row.value + "\", expected ";
      CHECK_THAT(error.what(), Catch::StartsWith(start) && Catch::Contains(row.expected));
    }
  }
}

TEST_CASE("variables that look like settings and are none") {
  const char* const environment[] = {"PATH=/bin",       "TEXTLAMBDA_TOPK=3", "TEXTLAMBDA_TOP_K=3",
                                     "XTEXTLAMBDA_A=1", "TEXTLAMBDA_",       nullptr};
  CHECK(unknown_settings(environment, setting_names()) == std::vector<std::string>{"TEXTLAMBDA_TOPK", "TEXTLAMBDA_"});
  CHECK(unknown_settings(nullptr, setting_names()).empty());
}

TEST_CASE("the table in docs/bootstrap.md has every setting, and no other") {
  // A row of it reads "| `TEXTLAMBDA_…` | …".
  const std::string begin = "| `";
  const std::string end = "` |";
  std::ifstream page(in_source_folder("docs/bootstrap.md"));
  std::set<std::string> documented;
  for (std::string line; std::getline(page, line);) {
    if (line == "### bootstrap-retrain") break;  // which has a table of its own
    const std::size_t name_end = line.find(end);
    if (line.rfind(begin + "TEXTLAMBDA_", 0) != 0 || name_end == std::string::npos) continue;
    documented.insert(line.substr(begin.size(), name_end - begin.size()));
  }
  CHECK(documented == std::set<std::string>(setting_names().begin(), setting_names().end()));
}

TEST_CASE("levels by name") {
  CHECK(log_level_of("debug") == LogLevel::debug);
  CHECK(log_level_of("TRACE") == LogLevel::debug);
  CHECK(log_level_of("Info") == LogLevel::info);
  CHECK(log_level_of("WARN") == LogLevel::warn);
  CHECK(log_level_of("FATAL") == LogLevel::error);
  CHECK(log_level_of("off") == LogLevel::off);
  CHECK_FALSE(log_level_of("").has_value());
  CHECK_FALSE(log_level_of("informational").has_value());
}

}  // namespace
}  // namespace textlambda::lambda
