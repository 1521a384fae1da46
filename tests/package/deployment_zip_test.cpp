#include "textlambda/package/deployment_zip.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/package/elf_image.h"
#include "tests/temporary_folder.h"

using namespace textlambda;
using package::Architecture;
using package::DeploymentZip;

namespace {

package::Contents contents_of(std::string_view bootstrap) {
  package::Contents contents;
  contents.bootstrap = bootstrap;
  contents.bootstrap_file = "bootstrap";
  contents.model = "the model's bytes";
  contents.model_id = "0123456789abcdef";
  contents.tool_version = "1.2.3";
  return contents;
}

std::string error_of(const package::Contents& contents, const package::ZipOptions& options = {}) {
  try {
    package::make_deployment_zip(contents, options);
  } catch (const io::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("A deployment zip holds an executable bootstrap, the model and what they are") {
  const std::string bootstrap = ElfImage{.machine = EM_AARCH64}.bytes();
  package::Contents contents = contents_of(bootstrap);
  contents.additions = {{"extensions/log", "#!/bin/sh", true}, {"notes.txt", "notes", false}};
  const DeploymentZip zip = package::make_deployment_zip(contents, {});
  CHECK(zip.architecture == Architecture::arm64);
  CHECK(zip.is_static);
  CHECK(zip.names ==
        std::vector<std::string>{"bootstrap", "extensions/log", "model.tlm", "notes.txt", "textlambda.json"});
  CHECK(package::broken_limits(zip, false).empty());

  archive::ZipReader reader(zip.bytes, "zip");
  std::vector<std::pair<std::string, unsigned>> modes;
  std::string manifest;
  std::uint64_t unpacked = 0;
  while (const std::optional<archive::ZipEntry> entry = reader.next()) {
    modes.emplace_back(entry->path, entry->mode);
    unpacked += entry->content.size();
    if (entry->path == "bootstrap") CHECK(entry->content == bootstrap);
    if (entry->path == "model.tlm") CHECK(entry->content == "the model's bytes");
    if (entry->path == "textlambda.json") manifest = entry->content;
  }
  CHECK(modes == std::vector<std::pair<std::string, unsigned>>{{"bootstrap", 0755},
                                                               {"extensions/log", 0755},
                                                               {"model.tlm", 0644},
                                                               {"notes.txt", 0644},
                                                               {"textlambda.json", 0644}});
  CHECK(unpacked == zip.unpacked_bytes);
  const nlohmann::json about = nlohmann::json::parse(manifest);
  CHECK(about["runtime"] == "provided.al2023");
  CHECK(about["architecture"] == "arm64");
  CHECK(about["handler"] == "bootstrap");
  CHECK(about["model"]["id"] == "0123456789abcdef");
  CHECK(about["model"]["bytes"] == 17);
  CHECK(about["bootstrap"]["sha256"] == encoding::sha256_hex(bootstrap));
  CHECK(about["packaged_by"] == "textlambda-package 1.2.3");
}

TEST_CASE("The order in which files are added does not matter") {
  const std::string bootstrap = ElfImage{}.bytes();
  package::Contents contents = contents_of(bootstrap);
  contents.additions = {{"a", "1", false}, {"b", "2", false}};
  const std::string bytes = package::make_deployment_zip(contents, {}).bytes;
  std::swap(contents.additions[0], contents.additions[1]);
  CHECK(package::make_deployment_zip(contents, {}).bytes == bytes);
}

TEST_CASE("A bootstrap for another architecture, or a dynamic one, is refused") {
  const std::string arm = ElfImage{.machine = EM_AARCH64}.bytes();
  package::ZipOptions options;
  options.architecture = Architecture::x86_64;
  CHECK(error_of(contents_of(arm), options) == "bootstrap: is an executable for arm64, expected x86_64");
  options.architecture = Architecture::arm64;
  CHECK(error_of(contents_of(arm), options) == "no error");

  const std::string dynamic = ElfImage{.segments = {PT_LOAD, PT_INTERP}}.bytes();
  CHECK(error_of(contents_of(dynamic))
            .find("bootstrap: is linked dynamically (it asks for /lib64/ld-linux-x86-64.so.2): provided.al2023 has "
                  "glibc 2.34") == 0);
  options = {};
  options.allow_dynamic = true;
  CHECK_FALSE(package::make_deployment_zip(contents_of(dynamic), options).is_static);
}

TEST_CASE("A file cannot take a name that is taken") {
  const std::string bootstrap = ElfImage{}.bytes();
  package::Contents contents = contents_of(bootstrap);
  contents.additions = {{"model.tlm", "another", false}};
  CHECK(error_of(contents) == "\"model.tlm\" cannot be a name in a zip: it is given twice");
}

TEST_CASE("Lambda's limits are counted to the byte") {
  // 50 MiB zipped and 250 MiB unpacked, as Lambda's documentation gives them.
  DeploymentZip zip;
  zip.bytes = std::string(50 * 1024 * 1024, 'z');
  zip.unpacked_bytes = 250 * 1024 * 1024;
  CHECK(package::broken_limits(zip, false).empty());
  zip.bytes += 'z';
  REQUIRE(package::broken_limits(zip, false).size() == 1);
  CHECK(package::broken_limits(zip, false)[0].find("52428801 bytes zipped, Lambda takes at most 52428800") == 0);
  CHECK(package::broken_limits(zip, true).empty());
  ++zip.unpacked_bytes;
  REQUIRE(package::broken_limits(zip, true).size() == 1);
  CHECK(package::broken_limits(zip, true)[0].find("262144001 bytes unpacked, Lambda takes at most 262144000") == 0);
}

TEST_CASE("What is too large unpacked is not compressed to find that out") {
  const std::string bootstrap = ElfImage{}.bytes();
  const std::string large(64 * 1024 * 1024, '\0');
  package::Contents contents = contents_of(bootstrap);
  for (const char* name : {"a", "b", "c", "d"}) contents.additions.push_back({name, large, false});
  const DeploymentZip zip = package::make_deployment_zip(contents, {});
  CHECK(zip.unpacked_bytes > package::kMaxUnpackedBytes);
  CHECK(zip.bytes == "");
  CHECK(package::broken_limits(zip, false).size() == 1);
}

TEST_CASE("A file to add has its own name or another") {
  const TemporaryFolder folder;
  const std::string equals = folder.write("a=b", "");
  struct Case {
    std::string text;
    std::string file;
    std::string name;
  };
  const std::vector<Case> cases = {
      {"data/labels.json", "data/labels.json", "labels.json"},
      {"data/labels.json=names.json", "data/labels.json", "names.json"},
      {"log.sh=extensions/log", "log.sh", "extensions/log"},
      {equals, equals, "a=b"},
      {equals + "=c", equals, "c"},
  };
  for (const Case& item : cases) {
    const package::Addition addition = package::parse_addition(item.text);
    CAPTURE(item.text);
    CHECK(addition.file == item.file);
    CHECK(addition.name == item.name);
  }
  for (const char* text : {"=name", "file="}) CHECK_THROWS_AS(package::parse_addition(text), io::Error);
}
