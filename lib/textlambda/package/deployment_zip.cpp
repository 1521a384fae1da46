#include "textlambda/package/deployment_zip.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"

namespace textlambda::package {
namespace {

void check_bootstrap(const ElfFacts& facts, const Contents& contents, const ZipOptions& options) {
  if (options.architecture && *options.architecture != facts.architecture) {
    io::throw_input(fmt::format("is an executable for {}, expected {}", architecture_name(facts.architecture),
                                architecture_name(*options.architecture)),
                    contents.bootstrap_file);
  }
  if (!facts.interpreter.empty() && !options.allow_dynamic) {
    io::throw_input(fmt::format("is linked dynamically (it asks for {}): {} has glibc 2.34 and few other libraries, so "
                                "one built on a newer system may not start there; link it with -static, or pack it all "
                                "the same with --allow-dynamic",
                                facts.interpreter, kRuntime),
                    contents.bootstrap_file);
  }
}

std::string manifest(const Contents& contents, const ElfFacts& facts) {
  const nlohmann::ordered_json json = {
      {"runtime", kRuntime},
      {"architecture", architecture_name(facts.architecture)},
      {"handler", kBootstrapName},
      {"bootstrap", {{"sha256", encoding::sha256_hex(contents.bootstrap)}, {"bytes", contents.bootstrap.size()}}},
      {"model", contents.model.empty() ? nlohmann::ordered_json()
                                       : nlohmann::ordered_json{{"id", contents.model_id},
                                                                {"sha256", encoding::sha256_hex(contents.model)},
                                                                {"bytes", contents.model.size()}}},
      {"packaged_by", "textlambda-package " + contents.tool_version},
  };
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

DeploymentZip make_deployment_zip(const Contents& contents, const ZipOptions& options) {
  const ElfFacts facts = read_elf(contents.bootstrap, contents.bootstrap_file);
  check_bootstrap(facts, contents, options);
  const std::string about = manifest(contents, facts);
  std::vector<archive::ZipMember> members = {
      {std::string(kBootstrapName), contents.bootstrap, true},
      {std::string(kManifestName), about, false},
  };
  if (!contents.model.empty()) members.insert(members.begin() + 1, {std::string(kModelName), contents.model, false});
  members.insert(members.end(), contents.additions.begin(), contents.additions.end());

  DeploymentZip zip;
  zip.architecture = facts.architecture;
  zip.is_static = facts.interpreter.empty();
  for (const archive::ZipMember& member : members) {
    zip.unpacked_bytes += member.content.size();
    zip.names.push_back(member.name);
  }
  std::sort(zip.names.begin(), zip.names.end());
  if (zip.unpacked_bytes <= kMaxUnpackedBytes) zip.bytes = archive::write_zip(std::move(members));
  return zip;
}

std::vector<std::string> broken_limits(const DeploymentZip& zip, bool by_s3) {
  std::vector<std::string> lines;
  if (zip.unpacked_bytes > kMaxUnpackedBytes) {
    lines.push_back(
        fmt::format("{} bytes unpacked, Lambda takes at most {}: train with a smaller --keep or a larger "
                    "--min-count, or add less",
                    zip.unpacked_bytes, kMaxUnpackedBytes));
  }
  if (zip.bytes.size() > kMaxZipBytes && !by_s3) {
    lines.push_back(
        fmt::format("{} bytes zipped, Lambda takes at most {} uploaded directly: say --s3 and upload it to a "
                    "bucket first, or train with a smaller --keep",
                    zip.bytes.size(), kMaxZipBytes));
  }
  return lines;
}

Addition parse_addition(const std::string& text) {
  Addition addition{text, ""};
  const std::size_t equals = text.rfind('=');
  std::error_code ignored;
  if (equals != std::string::npos && !std::filesystem::exists(text, ignored)) {
    addition = {text.substr(0, equals), text.substr(equals + 1)};
    if (addition.file.empty() || addition.name.empty()) {
      io::throw_usage(
          fmt::format("--add: \"{}\" given, expected FILE or FILE=NAME, such as labels.json=data/labels.json", text));
    }
  }
  if (addition.name.empty()) addition.name = std::filesystem::path(addition.file).filename().string();
  return addition;
}

}  // namespace textlambda::package
