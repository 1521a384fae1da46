#include "textlambda/signing/timestamp.h"

#include "tests/catch.h"

using namespace textlambda::signing;

TEST_CASE("moments in the two forms that headers have them") {
  const struct {
    long long seconds;
    const char* basic;
    const char* http;
  } cases[] = {
      {0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
      {1440938160, "20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT"},
      {951782399, "20000228T235959Z", "Mon, 28 Feb 2000 23:59:59 GMT"},
      {1709164800, "20240229T000000Z", "Thu, 29 Feb 2024 00:00:00 GMT"},
      {4102444799, "20991231T235959Z", "Thu, 31 Dec 2099 23:59:59 GMT"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.basic);
    const Moment moment{std::chrono::seconds(test.seconds)};
    CHECK(timestamp(moment) == test.basic);
    CHECK(http_date(moment) == test.http);
    CHECK(parse_timestamp(test.basic) == moment);
    CHECK(parse_http_date(test.http) == moment);
  }
}

TEST_CASE("what is no moment") {
  for (const char* text : {"", "20150830", "20150830T123600", "20150830T123600z", "20150830 123600Z", "20150830T12360Z",
                           "20150230T000000Z", "20151301T000000Z", "20150830T246000Z", "2015083xT123600Z",
                           "-0150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT"}) {
    CAPTURE(text);
    CHECK(!parse_timestamp(text));
  }
  for (const char* text : {"", "20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 CET", "Sun, 30 Xxx 2015 12:36:00 GMT",
                           "Sun, 30 Aug 2015 12:36:0x GMT", "Sun, 31 Feb 2015 12:36:00 GMT"}) {
    CAPTURE(text);
    CHECK(!parse_http_date(text));
  }
}
