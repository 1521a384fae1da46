#include "textlambda/store/feedback.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::store {
namespace {

constexpr std::int64_t kNow = 1767357907123;

struct Told {
  Told() : store(ModelStore::open_or_create(folder.path("store"))), feedback(store) {}

  std::string file() const { return store.path() + "/feedback/rows.jsonl"; }
  std::string bytes() const {
    std::ifstream file_stream(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file_stream), {}};
  }

  TemporaryFolder folder;
  ModelStore store;
  Feedback feedback;
};

FeedbackRow row(const std::string& name, const std::string& text = "where is it",
                const std::string& label = "delivery") {
  return {name, text, label, "sqs"};
}

}  // namespace

TEST_CASE("a row is a line with its name, and there is none before the first") {
  Told told;
  CHECK(told.feedback.read().count == 0);
  CHECK_FALSE(std::filesystem::exists(told.store.path() + "/feedback"));
  CHECK(told.feedback.append({row("a", "zwei\nZeilen \"ü\"", "x")}, kNow) == std::vector<bool>{true});
  const FeedbackRows rows = told.feedback.read();
  CHECK(rows.count == 1);
  // sha256sum of "a", its first 16 bytes.
  CHECK(nlohmann::json::parse(rows.lines) == nlohmann::json{{"id", "ca978112ca1bbdcafac231b39a23dc4d"},
                                                            {"text", "zwei\nZeilen \"ü\""},
                                                            {"label", "x"},
                                                            {"source", "sqs"},
                                                            {"at", "2026-01-02T12:45:07.123Z"}});
}

TEST_CASE("a name has one row: in one call, in the next, in another process") {
  Told told;
  CHECK(told.feedback.append({row("a"), row("b"), row("a")}, kNow) == std::vector<bool>{true, true, false});
  CHECK(told.feedback.append({row("b", "another text"), row("c")}, kNow) == std::vector<bool>{false, true});
  Feedback other(told.store);
  CHECK(other.append({row("d"), row("c")}, kNow) == std::vector<bool>{true, false});
  CHECK(told.feedback.append({row("d")}, kNow) == std::vector<bool>{false});
  CHECK(told.feedback.read().count == 4);
}

TEST_CASE("a line that was cut off is no row, and the next takes its place") {
  Told told;
  told.feedback.append({row("a"), row("b")}, kNow);
  const std::string whole = told.bytes();
  const std::size_t second = whole.find('\n') + 1;
  for (const std::size_t size : {whole.size() - 1, whole.size() - 20, second + 1}) {
    std::ofstream(told.file(), std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    Feedback fresh(told.store);
    CHECK(fresh.read().lines == whole.substr(0, second));
    CHECK(fresh.append({row("a"), row("b")}, kNow) == std::vector<bool>{false, true});
    CHECK(told.bytes() == whole);
  }
}

TEST_CASE("what somebody else wrote there is kept, and has no name") {
  Told told;
  told.feedback.append({row("a")}, kNow);
  std::ofstream(told.file(), std::ios::app) << R"({"text":"by hand","label":"billing"})" << '\n';
  CHECK(told.feedback.append({row("a"), row("b")}, kNow) == std::vector<bool>{false, true});
  CHECK(told.feedback.read().count == 3);
  // Another file has other rows.
  std::filesystem::remove(told.file());
  CHECK(told.feedback.append({row("a")}, kNow) == std::vector<bool>{true});
}

TEST_CASE("the oldest names are forgotten") {
  Told told;
  std::vector<FeedbackRow> rows;
  for (std::size_t i = 0; i < kRememberedRows + 1; ++i) rows.push_back(row(std::to_string(i), "t", "l"));
  told.feedback.append(rows, kNow);
  Feedback fresh(told.store);
  for (Feedback* feedback : {&told.feedback, &fresh}) {
    CHECK(feedback->append({row("1"), row(std::to_string(kRememberedRows))}, kNow) == std::vector<bool>{false, false});
  }
  CHECK(told.feedback.append({row("0")}, kNow) == std::vector<bool>{true});
}

TEST_CASE("processes append side by side, and a kill parts no row from its name") {
  Told told;
  constexpr int kProcesses = 4;
  constexpr int kRows = 60;
  std::vector<pid_t> children;
  for (int child = 0; child < kProcesses; ++child) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      Feedback own(told.store);
      // All of them have the same rows to tell.
      for (int i = 0; i < kRows; ++i) own.append({row(std::to_string(i)), row(std::to_string(i) + "x")}, kNow);
      ::_exit(0);
    }
    children.push_back(pid);
  }
  ::usleep(20000);
  ::kill(children.front(), SIGKILL);
  for (const pid_t pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (pid != children.front()) CHECK(status == 0);
  }
  std::set<std::string> names;
  const FeedbackRows rows = told.feedback.read();
  std::string_view left = rows.lines;
  while (!left.empty()) {
    names.insert(nlohmann::json::parse(left.substr(0, left.find('\n')))["id"]);
    left.remove_prefix(left.find('\n') + 1);
  }
  CHECK(rows.count == 2 * kRows);
  CHECK(names.size() == 2 * kRows);
}

TEST_CASE("a folder that cannot be written to") {
  Told told;
  std::ofstream(told.store.path() + "/feedback") << "a file";
  CHECK_THROWS_AS(told.feedback.append({row("a")}, kNow), io::Error);
}

}  // namespace textlambda::store
