#include "textlambda/sources/books.h"

#include <string>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace textlambda::sources {
namespace {

// Three messages: one succeeded at its second attempt, one is a dead letter, one waits.
Books some_books() {
  Books books;
  books.restart(4);
  for (Item item = 0; item < 3; ++item) books.feed(item);
  const auto attempt = [&](Item item, Attempt how) {
    books.receive(item);
    books.begin_batch();
    books.deliver(item);
    books.end_attempt(how);
  };
  attempt(0, Attempt::failed);
  books.give_back(0);
  attempt(0, Attempt::succeeded);
  books.succeed(0);
  attempt(1, Attempt::throttled);
  books.give_back(1);
  attempt(1, Attempt::failed);
  books.dead_letter(1);
  return books;
}

TEST_CASE("books count messages and attempts, and balance") {
  const Books books = some_books();
  CHECK(books.balance() == "");
  const Counts& counts = books.counts();
  CHECK(counts.fed == 3);
  CHECK(counts.succeeded == 1);
  CHECK(counts.dead_lettered == 1);
  CHECK(counts.waiting == 1);
  CHECK(counts.in_flight == 0);
  CHECK(counts.delivered == 4);
  CHECK(counts.redelivered == 2);
  CHECK(counts.failed == 2);
  CHECK(counts.throttled == 1);
  CHECK(counts.running == 0);
  CHECK(counts.batches == 4);
  CHECK(books.attempts(0) == 2);
  CHECK(books.standing(3) == Standing::unfed);
}

TEST_CASE("wrong moves are told, the first of them") {
  struct MoveRow {
    void (*move)(Books& books);
    const char* fault;
  };
  const MoveRow rows[] = {
      {[](Books& b) { b.feed(0); }, "message 0 went from succeeded to waiting"},
      {[](Books& b) { b.succeed(0); }, "message 0 went from succeeded to succeeded"},
      {[](Books& b) { b.succeed(1); }, "message 1 went from dead-lettered to succeeded"},
      {[](Books& b) { b.drop(1); }, "message 1 went from dead-lettered to dropped"},
      {[](Books& b) { b.receive(0); }, "message 0 went from succeeded to in flight"},
      {[](Books& b) { b.give_back(2); }, "message 2 went from waiting to waiting"},
      {[](Books& b) { b.succeed(3); }, "message 3 went from unfed to succeeded"},
      {[](Books& b) { b.deliver(2); }, "message 2 was delivered while waiting"},
      {[](Books& b) { b.end_attempt(Attempt::failed); }, "more attempts ended than began"},
      {[](Books& b) {
         b.receive(2);
         b.succeed(2);
       },
       ""},  // as for a late answer
      {[](Books& b) {
         b.receive(2);
         b.deliver(2);
         b.end_attempt(Attempt::succeeded);
       },
       "delivered = 5, but succeeded + failed + throttled + late + running = 4"},
  };
  for (const MoveRow& row : rows) {
    Books books = some_books();
    row.move(books);
    INFO(row.fault);
    if (std::string(row.fault).empty()) {
      // It counts as a success without an attempt: the second equation sees that.
      CHECK(books.wrong_move() == "");
      CHECK(books.balance() == "delivered = 4, but succeeded + failed + throttled + late + running = 5");
    } else {
      CHECK(books.balance() == row.fault);
    }
  }
}

TEST_CASE("books are printed as a table and as JSON") {
  const Books books = some_books();
  const std::vector<BooksRow> rows = {{"orders sqs", SourceClass::queue, books.counts(), books.balance()},
                                      {"audit kinesis", SourceClass::stream, books.counts(), "a fault"}};
  CHECK(books_table(rows) ==
        "  source             fed  succeeded  dead letters  waiting  delivered    again   failed  throttled  batches  "
        "received\n"
        "  orders sqs           3          1             1        1          4        2        2          1        4  "
        "       4\n"
        "  audit kinesis        3          1             1        1          4        2        2          1        4  "
        "       4\n"
        "  audit kinesis: the books do not balance: a fault\n");
  const auto json = nlohmann::json::parse(books_json(rows));
  REQUIRE(json.size() == 2);
  CHECK(json[0]["source"] == "orders sqs");
  CHECK(json[0]["fed"] == 3);
  CHECK(json[0]["redelivered"] == 2);
  CHECK(json[0]["balanced"] == true);
  CHECK_FALSE(json[0].contains("fault"));
  CHECK(json[0]["metrics"] == nlohmann::json({{"PolledEventCount", 4},
                                              {"FilteredOutEventCount", 0},
                                              {"InvokedEventCount", 3},
                                              {"FailedInvokeEventCount", 3},
                                              {"DroppedEventCount", 0},
                                              {"OnFailureDestinationDeliveredEventCount", 0},
                                              {"DeletedEventCount", 1}}));
  CHECK(json[1]["balanced"] == false);
  CHECK(json[1]["fault"] == "a fault");
  CHECK(json[1]["metrics"]["DroppedEventCount"] == 1);
  CHECK(json[1]["metrics"]["OnFailureDestinationDeliveredEventCount"] == 1);
  CHECK(json[1]["metrics"]["DeletedEventCount"] == 0);
}

}  // namespace
}  // namespace textlambda::sources
