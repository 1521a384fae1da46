// Sources that are compiled together keep no two things of one name.
#include "tests/architecture/own_names.h"

#include <filesystem>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/source_folder.h"

using namespace textlambda::architecture;

TEST_CASE("the names that a source keeps to itself") {
  const std::string source = R"(namespace textlambda::io {
namespace {

constexpr std::array<int, 2> kTwo = {1, 2};
const Error kNone{};
using Json = nlohmann::json;

struct Entry {
  int count() const { return 1; }
};

class Reader final : public Base {
};

std::string shown(const Json& value) {
  return dump(value);
}
std::vector<std::pair<int, int>> both(int one,
                                      int two) { return {}; }
bool is_digit(char byte) { return byte >= '0'; }

}  // namespace

std::string exported(int value) {
}

namespace {
int late() { return 1; }
}  // namespace
}
)";
  CHECK(own_names(source) == std::vector<std::string>{"textlambda::io kTwo", "textlambda::io kNone",
                                                      "textlambda::io Entry", "textlambda::io Reader",
                                                      "textlambda::io shown", "textlambda::io both",
                                                      "textlambda::io is_digit", "textlambda::io late"});
  CHECK(own_names("").empty());
}

TEST_CASE("two sources of a folder are told apart by the names they keep") {
  const std::filesystem::path root = std::filesystem::path(in_source_folder());
  CHECK(shared_own_names(root) == "");
}
