#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/architecture/includes.h"
#include "tests/architecture/layers.h"
#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

// A small source tree, gone when this goes.
class PlantedTree {
 public:
  PlantedTree() : root_(fs::temp_directory_path() / ("textlambda-architecture-" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    for (const auto& [path, text] : in_order()) plant(path, text);
  }
  PlantedTree(const PlantedTree&) = delete;
  PlantedTree& operator=(const PlantedTree&) = delete;
  ~PlantedTree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void plant(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  const fs::path& root() const { return root_; }

 private:
  static std::map<std::string, std::string> in_order() {
    return {
        {"lib/textlambda/io/CMakeLists.txt", "textlambda_layer(NAME io\n  SOURCES io.cpp  # LAYERS train\n)\n"},
        {"lib/textlambda/io/io.h", "#include <vector>\n#include <sys/mman.h>\n"},
        {"lib/textlambda/model/CMakeLists.txt",
         "textlambda_layer(NAME model SOURCES model.cpp LAYERS io PRIVATE_LIBRARIES Eigen3::Eigen)\n"},
        {"lib/textlambda/model/model.cpp",
         "#include \"textlambda/io/io.h\"\n#include <nlohmann/json.hpp>\n#include <Eigen/Dense>\n"},
        {"lib/textlambda/train/CMakeLists.txt",
         "textlambda_layer(\n  NAME train\n  SOURCES t.cpp\n  LAYERS model io\n)\n"},
        {"lib/textlambda/train/t.cpp", "#include \"textlambda/io/io.h\"\n#include \"textlambda/model/model.h\"\n"},
        {"apps/a.cpp", "#include <CLI/CLI.hpp>\n#include \"textlambda/train/t.h\"\n#include \"apps/b.h\"\n"},
        {"tests/io/test_io.cpp", "#include \"tests/catch.h\"\n#include \"textlambda/io/io.h\"\n"},
    };
  }

  fs::path root_;
};

TEST_CASE("every include of the project follows the layers and the table of dependencies") {
  CHECK(forbidden_includes(in_source_folder()) == "");
}

TEST_CASE("the layers of the project exist and form no circle") {
  const Layers layers = read_layers(in_source_folder());
  CHECK(layers.contains("io"));
  CHECK(first_disorder(layers) == "");
  CHECK(idle_arrows(in_source_folder()) == "");
}

TEST_CASE("what the bootstrap links reaches no trainer and no archive") {
  const Layers layers = read_layers(in_source_folder());
  const std::set<std::string> bootstrap = {"io",    "text",   "json",      "encoding", "events",   "features",
                                           "model", "lambda", "telemetry", "http",     "protocol", "runtime"};
  for (const std::string& layer : bootstrap) {
    for (const std::string& below : reachable(layers, layer)) {
      INFO(layer << " reaches " << below);
      CHECK(bootstrap.contains(below));
    }
  }
}

TEST_CASE("a tree in order has no forbidden include") {
  const PlantedTree tree;
  CHECK(forbidden_includes(tree.root()) == "");
  CHECK(reachable(read_layers(tree.root()), "train") == std::set<std::string>{"io", "model", "train"});
}

TEST_CASE("each kind of forbidden include is found") {
  struct Case {
    std::string file;
    std::string include;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {"lib/textlambda/io/bad.cpp", "\"textlambda/model/model.h\"", "io may not use model"},
      {"lib/textlambda/model/bad.h", "<textlambda/train/t.h>", "model may not use train"},
      {"lib/textlambda/model/deep/bad.h", "\"textlambda/train/t.h\"", "model may not use train"},
      {"lib/textlambda/io/bad.cpp", "\"textlambda/nowhere/x.h\"", "nowhere is not a layer"},
      {"lib/textlambda/io/bad.cpp", "\"apps/b.h\"", "nothing includes apps/"},
      {"lib/textlambda/io/bad.cpp", "\"../../../apps/b.h\"", "nothing includes apps/"},
      {"tests/io/bad.cpp", "\"apps/b.h\"", "nothing includes apps/"},
      {"lib/textlambda/io/bad.cpp", "\"tests/catch.h\"", "nothing but tests includes tests"},
      {"lib/textlambda/io/bad.cpp", "\"io.h\"", "include it as"},
      {"lib/textlambda/io/bad.cpp", "\"../model/model.h\"", "include it as"},
      {"lib/textlambda/io/bad.cpp", "<CLI/CLI.hpp>", "for apps"},
      {"lib/textlambda/io/bad.cpp", "<Eigen/Dense>", "for model, topics, train"},
      {"lib/textlambda/io/bad.h", "<nlohmann/json.hpp>", "for .cpp files"},
      {"lib/textlambda/io/bad.cpp", "<simdjson.h>", "for corpus"},
      {"lib/textlambda/io/bad.cpp", "<spdlog/spdlog.h>", "for apps, emulator, runtime"},
      {"lib/textlambda/io/bad.cpp", "<utf8proc.h>", "for report, text"},
      {"lib/textlambda/train/bad.cpp", "<xxhash.h>", "for features, io, model, telemetry"},
      {"lib/textlambda/io/bad.cpp", "<boost/asio.hpp>", "for emulator, http"},
      {"lib/textlambda/io/bad.cpp", "<boost/math/distributions.hpp>", "for emulator, http, server, stats"},
      {"lib/textlambda/io/bad.cpp", "<archive.h>", "for archive"},
      {"lib/textlambda/io/bad.cpp", "<nettle/sha2.h>", "for encoding"},
      {"apps/bad.cpp", "<Eigen/Dense>", "for model, topics, train"},
      {"lib/textlambda/io/bad.cpp", "<curl/curl.h>", "not in the table"},
  };
  for (const Case& each : cases) {
    const PlantedTree tree;
    tree.plant(each.file, "#pragma once\n  #  include " + each.include + "\n");
    const std::string found = forbidden_includes(tree.root());
    INFO(each.file << " includes " << each.include << ": " << found);
    CHECK(found.starts_with(each.file + ":2: #include "));
    CHECK(found.find(each.reason) != std::string::npos);
  }
}

TEST_CASE("a layer names itself each layer that it includes, and none besides") {
  const PlantedTree tree;
  CHECK(idle_arrows(tree.root()) == "");
  const std::string cmake = "lib/textlambda/train/CMakeLists.txt";
  tree.plant(cmake, "textlambda_layer(NAME train SOURCES t.cpp LAYERS model)\n");
  CHECK(forbidden_includes(tree.root()) ==
        "lib/textlambda/train/t.cpp:1: #include textlambda/io/io.h: train may not use io: it is not in its LAYERS\n");
  tree.plant(cmake, "textlambda_layer(NAME train SOURCES t.cpp LAYERS model io text)\n");
  CHECK(idle_arrows(tree.root()) == "train names text and includes nothing of it\n");
}

TEST_CASE("layers that need each other, unknown ones and undeclared folders are found") {
  const PlantedTree tree;
  tree.plant("lib/textlambda/io/CMakeLists.txt", "textlambda_layer(NAME io SOURCES io.cpp LAYERS train)\n");
  CHECK(first_disorder(read_layers(tree.root())) == "io and train need each other");
  tree.plant("lib/textlambda/io/CMakeLists.txt", "textlambda_layer(NAME io SOURCES io.cpp LAYERS clock)\n");
  CHECK(first_disorder(read_layers(tree.root())) == "io names clock, which is not a layer");
  tree.plant("lib/textlambda/io/CMakeLists.txt", "add_library(io io.cpp)\n");
  CHECK_THROWS(read_layers(tree.root()));
}

}  // namespace
}  // namespace textlambda::architecture
