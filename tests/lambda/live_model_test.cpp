#include "textlambda/lambda/live_model.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"
#include "tests/temporary_folder.h"

namespace textlambda::lambda {
namespace {

class Place {
 public:
  Place() {
    folder_.write("two.tlm", bytes_of(model::two_label_words(model::Precision::float32)));
    folder_.write("three.tlm", bytes_of(model::three_label_mixed(model::Precision::float32)));
    folder_.write("damaged.tlm", folder_.read("three.tlm").substr(1));
    lead_to("two.tlm");
  }

  std::string path(const std::string& name = "current") const { return folder_.path(name); }
  void lead_to(const std::string& name, const std::string& link = "current") const {
    const std::string made = folder_.path("made");
    REQUIRE(::symlink(name.c_str(), made.c_str()) == 0);
    REQUIRE(std::rename(made.c_str(), path(link).c_str()) == 0);
  }

 private:
  static std::string bytes_of(const model::linear::LinearContent& content) { return model::linear::serialise(content); }

  TemporaryFolder folder_;
};

std::size_t labels_of(const ServedModel& served) { return served.handler().classifier().label_count(); }

TEST_CASE("a file is looked at when that is due, and taken where it is good") {
  const Place place;
  LiveModel model(place.path(), {}, 2.0, "", 1000);
  CHECK(labels_of(*model.served()) == 2);
  const std::shared_ptr<const ServedModel> before = model.served();
  CHECK(model.look(1000, [] { FAIL("it has just been looked at"); }).message.empty());
  place.lead_to("three.tlm");
  CHECK(model.look(2999).message.empty());
  CHECK(model.served() == before);
  const LiveModel::Finding found = model.look(3000);
  CHECK_THAT(found.message, Catch::Matchers::StartsWith("the model is ") && Catch::Matchers::Contains(" now, it was "));
  CHECK(!found.is_refusal);
  CHECK(labels_of(*model.served()) == 3);
  // Whoever is at work goes on with the one that he has.
  CHECK(labels_of(*before) == 2);
  place.lead_to("damaged.tlm");
  const LiveModel::Finding refused = model.look(5000);
  CHECK(refused.is_refusal);
  CHECK_THAT(refused.message, Catch::Matchers::EndsWith(": the model before goes on"));
  CHECK(labels_of(*model.served()) == 3);
  CHECK(model.look(7000).message.empty());  // said once
  place.lead_to("nowhere.tlm");
  CHECK(model.look(9000).message.empty());
  place.lead_to("two.tlm");
  CHECK(!model.look(11000).message.empty());
  CHECK(labels_of(*model.served()) == 2);
}

TEST_CASE("until there is a file of that name the one that came with the function answers") {
  const Place place;
  LiveModel model(place.path("later"), {}, 2.0, place.path("two.tlm"));
  CHECK(labels_of(*model.served()) == 2);
  CHECK(model.look(1000).message.empty());
  place.lead_to("three.tlm", "later");
  CHECK(!model.look(3000).message.empty());
  CHECK(labels_of(*model.served()) == 3);
  // One that is there and damaged is no missing one, and what is never looked at is missed at once.
  place.lead_to("damaged.tlm", "later");
  CHECK_THROWS_AS(LiveModel(place.path("later"), {}, 2.0, place.path("two.tlm")), io::Error);
  CHECK_THROWS_AS(LiveModel(place.path("none"), {}, std::nullopt, place.path("two.tlm")), io::Error);
  CHECK_THROWS_WITH(LiveModel(place.path("none"), {}, 2.0, place.path("none either")),
                    Catch::Matchers::Contains("/none: "));
}

TEST_CASE("without a time nothing is looked for, and a first model has to be good") {
  const Place place;
  LiveModel model(place.path(), {}, std::nullopt);
  place.lead_to("three.tlm");
  CHECK(model.look(1e9).message.empty());
  CHECK(labels_of(*model.served()) == 2);
  place.lead_to("damaged.tlm");
  CHECK_THROWS_AS(LiveModel(place.path(), {}, 1.0), io::Error);
  place.lead_to("nowhere.tlm");
  CHECK_THROWS_WITH(LiveModel(place.path(), {}, 1.0), Catch::Matchers::Contains("current: cannot open"));
}

TEST_CASE("threads look, and answer, while files come and go") {
  const Place place;
  LiveModel model(place.path(), {}, 0.0);
  std::atomic<bool> done{false};
  std::atomic<int> mixed{0};
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&] {
      model::Scratch scratch;
      while (!done) {
        model.look(1);
        const std::shared_ptr<const ServedModel> served = model.served();
        Invocation invocation;
        invocation.event = R"({"text": "a good film"})";
        const std::string body = served->handler().handle(invocation, scratch).body;
        if (body.find("\"label\"") == std::string::npos) ++mixed;
      }
    });
  }
  for (int swap = 0; swap < 200; ++swap) place.lead_to(swap % 2 == 0 ? "three.tlm" : "two.tlm");
  done = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(mixed == 0);
  model.look(2);
  CHECK(labels_of(*model.served()) == 2);
}

}  // namespace
}  // namespace textlambda::lambda
