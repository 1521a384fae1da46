#include "textlambda/store/model_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace textlambda::store {
namespace {

// Seconds since 1970.
void set_time(const std::string& path, long seconds) {
  const timespec times[2] = {{seconds, 0}, {seconds, 0}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

TEST_CASE("a model is under its hash, once, and current leads to it") {
  const TemporaryFolder folder;
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  CHECK(store.current().empty());
  CHECK(store.models().empty());
  // echo -n one | sha256sum
  const std::string id = store.add("one");
  CHECK(id == "7692c3ad3540bb80");
  CHECK(store.add("one") == id);
  CHECK(store.models().size() == 1);
  store.set_current(id);
  CHECK(store.current() == id);
  CHECK(folder.read("store/current") == "one");
  const std::string other = store.add("two");
  store.set_current(other);
  CHECK(folder.read("store/current") == "two");
  CHECK(ModelStore::open(folder.path("store")).current() == other);
  // Moved with everything in it.
  std::filesystem::rename(folder.path("store"), folder.path("elsewhere"));
  CHECK(ModelStore::open(folder.path("elsewhere")).current() == other);
}

TEST_CASE("a run that was killed is no hindrance") {
  const TemporaryFolder folder;
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  const std::string id = store.add("one");
  // Between making the link and renaming it.
  REQUIRE(::symlink("models/x.tlm", folder.path("store/current.new").c_str()) == 0);
  store.set_current(id);
  CHECK(store.current() == id);
  CHECK(!std::filesystem::is_symlink(folder.path("store/current.new")));
  // While it wrote a model: what is not whole is written anew.
  folder.write("store/models/" + id + ".tlm", "on");
  store.add("one");
  CHECK(folder.read("store/current") == "one");
  // Between moving the link and writing the ledger.
  LedgerEntry entry;
  entry.to = "0123456789abcdef";
  entry.outcome = Outcome::promoted;
  store.record(entry);
  CHECK(!entry.at.empty());
  const std::vector<LedgerEntry> entries = store.reconcile().ledger;
  REQUIRE(entries.size() == 2);
  CHECK(entries[1].action == Action::found);
  CHECK(entries[1].from == entry.to);
  CHECK(entries[1].to == id);
  CHECK(store.reconcile().ledger.size() == 2);
}

TEST_CASE("what is no store is named") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(ModelStore::open(folder.path("none")), Catch::Matchers::Contains("none: is no store of models"));
  folder.write("notes.txt", "important");
  CHECK_THROWS_WITH(ModelStore::open_or_create(folder.path("")), Catch::Matchers::Contains("is no store of models"));
  CHECK_THROWS_AS(ModelStore::open_or_create(folder.path("notes.txt")), io::Error);
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  struct Case {
    const char* target;
    const char* message;
  };
  for (const Case& test :
       {Case{"models/0123456789abcdef.tlm", "which is gone"}, Case{"../elsewhere.tlm", "expected a symbolic link"},
        Case{"models/x.tlm", "expected a symbolic"}}) {
    std::filesystem::remove(folder.path("store/current"));
    std::filesystem::create_symlink(test.target, folder.path("store/current"));
    CHECK_THROWS_WITH(store.current(), Catch::Matchers::Contains(test.message));
  }
  std::filesystem::remove(folder.path("store/current"));
  folder.write("store/current", "a copy");
  CHECK_THROWS_WITH(store.current(), Catch::Matchers::Contains("expected a symbolic link"));
}

TEST_CASE("the newest, the current one and those that are served are kept") {
  const TemporaryFolder folder;
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  std::vector<std::string> ids;
  for (const char* const content : {"a", "b", "c", "d", "e"}) {
    ids.push_back(store.add(content));
    set_time(store.model_path(ids.back()), 1000000 + static_cast<long>(ids.size()));
  }
  folder.write("store/models/notes.txt", "no model");
  store.set_current(ids[0]);
  const io::FileDescriptor served(::open(store.model_path(ids[1]).c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(::flock(served.get(), LOCK_SH) == 0);
  CHECK(store.models().front().id == ids[4]);
  CHECK(store.models().front().written_ms == 1000005000);
  CHECK(store.prune(2) == std::vector<std::string>{ids[2]});
  CHECK(store.models().size() == 4);
  CHECK(store.prune(2).empty());
  CHECK(folder.read("store/models/notes.txt") == "no model");
}

TEST_CASE("a model is found by the beginning of its id") {
  const TemporaryFolder folder;
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  const std::string id = store.add("one");
  CHECK(store.find("7692") == id);
  CHECK(store.find(id) == id);
  CHECK_THROWS_WITH(store.find("8"), Catch::Matchers::Contains("no model's id begins with \"8\""));
  CHECK_THROWS_WITH(store.find(""), Catch::Matchers::Contains("no model's id"));
  folder.write("store/models/7692000000000000.tlm", "x");
  CHECK_THROWS_WITH(store.find("7692"), Catch::Matchers::Contains("several"));
}

TEST_CASE("the lock is held by one") {
  const TemporaryFolder folder;
  const ModelStore store = ModelStore::open_or_create(folder.path("store"));
  {
    const auto held = store.lock();
    CHECK_THROWS_WITH(store.lock(0), Catch::Matchers::Contains("is locked by another run"));
  }
  store.lock(0);
}

}  // namespace
}  // namespace textlambda::store
