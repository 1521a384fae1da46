// Which version a name leads to.
#include "textlambda/emulator/registry.h"

#include "tests/catch.h"

using namespace textlambda::emulator;

namespace {

std::shared_ptr<const Function> version_named(const std::string& version) {
  auto function = std::make_shared<Function>();
  function->name = "f";
  function->version = version;
  return function;
}

Registry with_versions() {
  Registry registry;
  RegisteredFunction& function = registry.functions["f"];
  function.latest = version_named(kLatest);
  for (const std::uint64_t number : {1U, 2U, 10U}) function.versions[number] = version_named(std::to_string(number));
  function.aliases["live"] = {.name = "live", .version = "2", .description = "", .revision_id = "", .weights = {}};
  function.aliases["split"] = {
      .name = "split", .version = "1", .description = "", .revision_id = "", .weights = {{"10", 0.25}}};
  return registry;
}

}  // namespace

TEST_CASE("a qualifier leads to a version") {
  const Registry registry = with_versions();
  const struct {
    const char* qualifier;
    double fraction;
    const char* version;  // empty: none
    const char* arn_end;
  } cases[] = {
      {"", 0, "$LATEST", "function:f"},
      {"$LATEST", 0, "$LATEST", "function:f:$LATEST"},
      {"1", 0, "1", "function:f:1"},
      {"10", 0, "10", "function:f:10"},
      {"3", 0, "", ""},
      {"live", 0, "2", "function:f:live"},
      {"live", 0.99, "2", "function:f:live"},
      {"split", 0.2499, "10", "function:f:split"},
      {"split", 0, "10", "function:f:split"},
      {"split", 0.25, "1", "function:f:split"},
      {"split", 0.99, "1", "function:f:split"},
      {"none", 0, "", ""},
      {"1x", 0, "", ""},
      {"-1", 0, "", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.qualifier, test.fraction);
    const auto resolved = registry.resolve("f", test.qualifier, test.fraction);
    CHECK((resolved ? resolved->function->version : "") == test.version);
    if (resolved) CHECK(resolved->invoked_arn == std::string("arn:aws:lambda:us-east-1:012345678912:") + test.arn_end);
  }
  CHECK_FALSE(registry.resolve("g", "", 0));
}
