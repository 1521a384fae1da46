// The zip that AWS Lambda runs: an executable named bootstrap, the model as model.tlm, files to go with them, and
// textlambda.json, which says what they are. The same contents give the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/archive/zip_writer.h"
#include "textlambda/package/elf.h"

namespace textlambda::package {

// The names that the custom runtime looks for; a file to add may not take them.
inline constexpr std::string_view kBootstrapName = "bootstrap";
inline constexpr std::string_view kModelName = "model.tlm";
inline constexpr std::string_view kManifestName = "textlambda.json";
inline constexpr std::string_view kRuntime = "provided.al2023";

// Lambda's limits, in bytes (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
inline constexpr std::uint64_t kMaxZipBytes = 52'428'800;        // uploaded directly; by way of S3 there is none
inline constexpr std::uint64_t kMaxUnpackedBytes = 262'144'000;  // with all layers

struct Contents {
  std::string_view bootstrap;
  std::string bootstrap_file;  // for messages
  std::string_view model;      // a model file that loads: the caller has tried; empty: none goes with it
  std::string model_id;
  std::string tool_version;                   // of what makes the zip, for the manifest
  std::vector<archive::ZipMember> additions;  // views have to live until the zip is made
};

struct ZipOptions {
  std::optional<Architecture> architecture;  // what the bootstrap has to be for; nothing: its own
  bool allow_dynamic = false;                // take a bootstrap that needs a dynamic loader
};

struct DeploymentZip {
  std::string bytes;  // empty where unpacked_bytes is beyond the limit: not worth compressing
  Architecture architecture = Architecture::x86_64;
  bool is_static = true;
  std::uint64_t unpacked_bytes = 0;
  std::vector<std::string> names;  // sorted
};

// Throws Error(input_output) for a bootstrap that Lambda could not run, Error(usage) for a name that cannot be or is
// taken. The limits are judged by the next function.
DeploymentZip make_deployment_zip(const Contents& contents, const ZipOptions& options);

// What of Lambda's limits `zip` breaks, a line each; none if it can be deployed. `by_s3`: it will be uploaded to S3
// first, where only the unpacked size is limited.
std::vector<std::string> broken_limits(const DeploymentZip& zip, bool by_s3);

// Of a file to add: "FILE=NAME" or "FILE", whose name is then its last part. A '=' that is part of an existing file's
// name stays one.
struct Addition {
  std::string file;
  std::string name;
};
Addition parse_addition(const std::string& text);

}  // namespace textlambda::package
