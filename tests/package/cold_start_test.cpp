#include "textlambda/package/cold_start.h"

#include <filesystem>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;
using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds steady() { return std::chrono::steady_clock::now().time_since_epoch(); }

void prepare(const TemporaryFolder& folder, const std::string& behaviour) {
  namespace fs = std::filesystem;
  fs::copy_file(SAMPLE_BOOTSTRAP, folder.path("bootstrap"), fs::copy_options::overwrite_existing);
  folder.write("behaviour", behaviour);
}

std::string measuring_error(const std::string& folder, std::chrono::milliseconds timeout = 5s) {
  package::ColdStartOptions options;
  options.runs = 1;
  options.timeout = timeout;
  try {
    package::measure_cold_starts(folder, options, steady);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("Each run is timed from its start to the end of the first request") {
  const TemporaryFolder folder;
  prepare(folder, "ask");
  package::ColdStartOptions options;
  options.runs = 3;
  // A clock that counts how often it is asked: a run's first and last reading differ, whatever the machine does.
  std::chrono::nanoseconds ticks{0};
  const auto times = package::measure_cold_starts(folder.path("."), options, [&] { return ticks += 1us; });
  REQUIRE(times.size() == 3);
  for (const std::chrono::nanoseconds time : times) CHECK(time >= 1us);
}

TEST_CASE("A bootstrap that asks for nothing is an error that says what it did instead") {
  struct Case {
    std::string behaviour;
    std::string message;
  };
  const std::vector<Case> cases = {
      {"exit", "bootstrap: exited with status 7 before it asked for an event; it printed: no model here"},
      {"crash", "bootstrap: was ended by signal 6 before it asked for an event"},
      {"close", "bootstrap: closed its connection before it had asked for an event"},
      {"init-error", "bootstrap: reported an initialisation error: {\"errorMessage\":\"model is bad\"}"},
      {"elsewhere",
       "bootstrap: asked for \"GET /somewhere HTTP/1.1\", expected GET /2018-06-01/runtime/invocation/next"},
  };
  const TemporaryFolder folder;
  for (const Case& item : cases) {
    prepare(folder, item.behaviour);
    CAPTURE(item.behaviour);
    CHECK(measuring_error(folder.path(".")) == item.message);
  }
  prepare(folder, "hang");
  CHECK(measuring_error(folder.path("."), 50ms) == "bootstrap: asked for no event within its time");
}

TEST_CASE("What cannot be started is named") {
  const TemporaryFolder folder;
  CHECK(measuring_error(folder.path(".")).find("/bootstrap: cannot start: No such file or directory") !=
        std::string::npos);
  folder.write("bootstrap", "text");
  CHECK(measuring_error(folder.path(".")).find("/bootstrap: cannot start: Permission denied") != std::string::npos);
  package::ColdStartOptions none;
  none.runs = 0;
  CHECK_THROWS_AS(package::measure_cold_starts(folder.path("."), none, steady), io::Error);
}

TEST_CASE("The estimate is the published range and what a bare program does not take") {
  CHECK(package::estimate_init(0.6).low_ms == 16);
  CHECK(package::estimate_init(0.1).high_ms == 18);
  CHECK(package::estimate_init(2.6).low_ms == Approx(18));
  CHECK(package::estimate_init(2.6).high_ms == Approx(20));
}
