#include "textlambda/emulator/recent_log.h"

#include "tests/catch.h"

using namespace textlambda::emulator;

TEST_CASE("the log's end, from the beginning of a line") {
  RecentLog log;
  CHECK(log.text().empty());
  log.add("one\n");
  log.add("two");
  CHECK(log.text() == "one\ntwo");
  std::string all = "one\ntwo";
  for (int i = 0; i < 60'000; ++i) {
    const std::string line = std::to_string(i) + "\n";
    log.add(line);
    all += line;
    if (i % 9'973 == 0) {
      const std::string text = log.text();
      CHECK(all.ends_with(text));
      CHECK(text.size() <= RecentLog::kBytes);
      if (all.size() > RecentLog::kBytes) CHECK(all[all.size() - text.size() - 1] == '\n');
      if (all.size() > RecentLog::kBytes) CHECK(text.size() > RecentLog::kBytes - 10);
    }
  }
  // One piece that is longer, without a line in it.
  log.add(std::string(3 * RecentLog::kBytes, 'x'));
  CHECK(log.text() == std::string(RecentLog::kBytes, 'x'));
  log.add("\nlast\n");
  CHECK(log.text() == "last\n");
}
