#include "textlambda/io/executor.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/catch.h"

using textlambda::io::Executor;

TEST_CASE("there is at least one worker") {
  CHECK(Executor().workers() == 1);
  CHECK(Executor(0).workers() == 1);
  CHECK(Executor(7).workers() == 7);
  CHECK(textlambda::io::available_threads() >= 1);
}

TEST_CASE("a worker may share its item out again") {
  const Executor executor(3);
  std::vector<std::atomic<int>> done(100);
  executor.run(10, [&](std::size_t ten, unsigned) {
    executor.run(10, [&](std::size_t one, unsigned) { ++done[ten * 10 + one]; });
  });
  for (const auto& count : done) CHECK(count == 1);
}

TEST_CASE("every item is done once, by a worker that exists") {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 8U}) {
    for (const std::size_t items : {0U, 1U, 2U, 1000U}) {
      std::vector<std::atomic<int>> done(items);
      Executor(threads).run(items, [&](std::size_t item, unsigned worker) {
        ++done[item];
        if (worker >= Executor(threads).workers()) throw std::logic_error("no such worker");
      });
      for (const auto& count : done) CHECK(count == 1);
    }
  }
}

TEST_CASE("ranges cover every item once, in pieces of the given size but for the last") {
  for (const unsigned threads : {1U, 3U}) {
    for (const std::size_t items : {0U, 1U, 9U, 10U, 11U, 1000U, 1001U}) {
      std::vector<std::atomic<int>> done(items);
      std::atomic<int> ranges{0};
      Executor(threads).run_ranges(items, 10, [&](std::size_t begin, std::size_t end) {
        ++ranges;
        if (begin % 10 != 0 || end <= begin || end - begin > 10) throw std::logic_error("no such range");
        for (std::size_t item = begin; item < end; ++item) ++done.at(item);
      });
      for (const auto& count : done) CHECK(count == 1);
      CHECK(ranges == static_cast<int>((items + 9) / 10));
    }
  }
}

TEST_CASE("the lowest item's exception is thrown, whatever the number of threads") {
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    for (int run = 0; run < 20; ++run) {
      try {
        Executor(threads).run(500, [](std::size_t item, unsigned) {
          if (item >= 123 && item % 2 == 1) throw std::runtime_error(std::to_string(item));
        });
        FAIL("nothing was thrown");
      } catch (const std::runtime_error& error) {
        CHECK(std::string(error.what()) == "123");
      }
    }
  }
}

TEST_CASE("a checkpoint ends the work before the next item, for any number of threads") {
  for (const unsigned threads : {1U, 3U}) {
    std::atomic<int> done{0};
    const Executor executor(threads, [&] {
      if (done >= 5) throw std::runtime_error("enough");
    });
    CHECK_THROWS_WITH(executor.run(1000, [&](std::size_t, unsigned) { ++done; }), "enough");
    CHECK(done >= 5);
    CHECK(done < 5 + static_cast<int>(threads));
    CHECK_THROWS_WITH(executor.check(), "enough");
  }
  CHECK_NOTHROW(Executor().check());
}
