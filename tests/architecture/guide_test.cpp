// CONTRIBUTING.md: its map is the tree's, and its lists name every file that one of a kind touches.
#include "tests/architecture/guide.h"

#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/architecture/file_text.h"
#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

std::string guide() { return file_text(in_source_folder("CONTRIBUTING.md")); }

TEST_CASE("the map of CONTRIBUTING.md has every layer with what it includes") {
  const Layers mapped = mapped_layers(guide());
  const Layers layers = read_layers(in_source_folder());
  for (const auto& [layer, below] : layers) {
    INFO(layer);
    REQUIRE(mapped.contains(layer));
    CHECK(mapped.at(layer) == below);
  }
  CHECK(mapped.size() == layers.size());
}

TEST_CASE("the lists of CONTRIBUTING.md name every file that one of a kind touches") {
  const std::vector<Example> listed = examples(guide());
  CHECK(listed.size() == 5);  // a source, a metric, a format, a report, a kind of model
  for (const Example& example : listed) {
    INFO(example.words.front());
    CHECK(example.files.size() > 2);
    CHECK(disagreement(in_source_folder(), example) == "");
  }
}

TEST_CASE("a guide that has gone stale is found out") {
  const fs::path root = fs::temp_directory_path() / ("textlambda-guide-" + std::to_string(::getpid()));
  fs::remove_all(root);
  fs::create_directories(root / "lib/heron");
  fs::create_directories(root / "build");
  for (const char* file : {"lib/heron/a.cpp", "lib/b.cpp", "build/b.cpp"}) std::ofstream(root / file) << "// a heron\n";
  std::ofstream(root / "lib/c.cpp") << "// none\n";
  std::ofstream(root / "lib/Heron.md") << "\n";

  const std::string page =
      "| `birds` | herons | `io`, `text` |\n\nA `heron` (`Heron`) stands in these files and no others:\n\n"
      "- `lib/heron/`: its room\n- `lib/c.cpp`: its row\n\n## Else\n\n- `lib/d.cpp`: not of the list\n";
  CHECK(mapped_layers(page) == Layers{{"birds", {"io", "text"}}});
  REQUIRE(examples(page).size() == 1);
  CHECK(examples(page).front().files == std::vector<std::string>{"lib/heron/", "lib/c.cpp"});
  CHECK(disagreement(root, examples(page).front()) ==
        "listed and without heron: lib/c.cpp\nhas heron and is not listed: lib/Heron.md\n"
        "has heron and is not listed: lib/b.cpp\n");
  fs::remove_all(root);
}

}  // namespace
}  // namespace textlambda::architecture
