#include "package_deploy.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/aws/function_api.h"
#include "textlambda/aws/s3_name.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/text/share.h"

#include "command/figures.h"

namespace textlambda::command {
namespace {

constexpr std::chrono::seconds kPatience{300};  // an update takes seconds

aws::FunctionApi api_of(const DeployArguments& arguments) {
  aws::FunctionName name = aws::parse_function_name(arguments.function);
  if (!name.qualifier.empty()) {
    io::throw_usage(fmt::format(
        "--deploy: \"{}\" has a qualifier, expected the function's name; --alias moves an alias", arguments.function));
  }
  auto session = std::make_shared<aws::Session>(aws::of_this_process(), arguments.aws);
  return {std::move(session), std::move(name)};
}

double canary_share(const std::string& text) {
  const std::optional<double> share = text::parse_share(text);
  if (!share || *share <= 0 || *share >= 1) {
    io::throw_usage(fmt::format("--canary: \"{}\" given, expected a share such as 10% or 0.1", text));
  }
  return *share;
}

// Of a published version; nothing for $LATEST.
std::optional<std::uint64_t> number_of(const std::string& version) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
  if (version.empty() || error != std::errc() || end != version.data() + version.size()) return std::nullopt;
  return number;
}

std::string routing_text(const std::string& version, const std::map<std::string, double>& weights) {
  std::string text = "version " + version;
  for (const auto& [other, share] : weights) text += fmt::format(", {} of it to version {}", percent(share), other);
  return text;
}

void check_code(const aws::FunctionConfiguration& function, const package::DeploymentZip& zip) {
  if (function.package_type == "Image") {
    throw io::Error(io::ErrorKind::mismatch, "is made of a container image, which takes no zip", function.name);
  }
  const std::string architecture(package::architecture_name(zip.architecture));
  const std::vector<std::string>& there = function.architectures;
  if (!there.empty() && std::find(there.begin(), there.end(), architecture) == there.end()) {
    throw io::Error(io::ErrorKind::mismatch,
                    fmt::format("runs on {}, and the zip's bootstrap is for {}", there.front(), architecture),
                    function.name);
  }
}

class Deploy {
 public:
  Deploy(const Command& command, const DeployArguments& arguments)
      : command_(command), arguments_(arguments), api_(api_of(arguments)) {
    done_.function = api_.name();
    done_.region = api_.region();
    done_.dry_run = arguments.dry_run;
  }

  Deployment deploy(const package::DeploymentZip& zip, const std::string& output) {
    const std::string code = encoding::sha256_base64(zip.bytes);
    // An update that failed before is mended by the next one.
    aws::FunctionConfiguration function = settled(true);
    check_code(function, zip);
    std::optional<aws::FunctionAlias> alias;
    if (!arguments_.alias.empty()) alias = api_.alias(arguments_.alias);
    if (function.code_sha256 == code) {
      note(fmt::format("its code is this zip already, CodeSha256 {}", code));
    } else {
      update(zip, output, function);
    }
    if (arguments_.dry_run) return std::move(done_);
    function = settled(false);
    if (function.code_sha256 != code) {
      io::throw_input("its code was changed by somebody else in the meantime: nothing is published", api_.name());
    }
    done_.version = api_.publish(code, function.revision_id, "").version;
    note(fmt::format("version {} is published", done_.version));
    if (!arguments_.alias.empty()) move(std::move(alias));
    return std::move(done_);
  }

  Deployment roll_back() {
    std::optional<aws::FunctionAlias> alias = api_.alias(arguments_.alias);
    if (!alias) io::throw_input(fmt::format("has no alias {}", arguments_.alias), api_.name());
    done_.alias = alias->name;
    done_.alias_before = alias->version;
    if (arguments_.rollback.empty() && !alias->weights.empty()) {
      note(fmt::format("{}: {} is taken back", alias->name, routing_text(alias->version, alias->weights)));
    } else {
      alias->version = arguments_.rollback.empty() ? version_before(alias->version) : arguments_.rollback;
    }
    alias->weights.clear();
    lead(*alias);
    return std::move(done_);
  }

 private:
  void note(const std::string& line) const { command_.note(fmt::format("{}: {}", api_.name(), line)); }

  aws::FunctionConfiguration settled(bool may_have_failed) {
    std::string said;
    return api_.settled(kPatience, may_have_failed, [&](const aws::FunctionConfiguration& now) {
      const std::string line = fmt::format("waiting, state {}, last update {}", now.state, now.update_status);
      if (line != std::exchange(said, line)) note(line);
    });
  }

  void update(const package::DeploymentZip& zip, const std::string& output,
              const aws::FunctionConfiguration& function) {
    aws::FunctionCode code;
    code.revision_id = function.revision_id;
    code.dry_run = arguments_.dry_run;
    if (aws::is_s3_name(output)) {
      const aws::S3Name name = aws::parse_s3_name(output);
      code.bucket = name.bucket;
      code.key = name.key;
    } else {
      code.zip = zip.bytes;
    }
    const aws::FunctionConfiguration updated = api_.update_code(code);
    done_.code_updated = !code.dry_run;
    note(fmt::format("code {}, {}: CodeSha256 {} -> {}", code.dry_run ? "could be updated" : "is updated",
                     bytes_text(zip.bytes.size()), function.code_sha256, encoding::sha256_base64(zip.bytes)));
  }

  void move(std::optional<aws::FunctionAlias> alias) {
    done_.alias = arguments_.alias;
    if (!alias) {
      const aws::FunctionAlias made = api_.create_alias(arguments_.alias, done_.version);
      done_.alias_version = made.version;
      note(fmt::format("alias {} is made, to version {}", made.name, made.version));
      return;
    }
    done_.alias_before = alias->version;
    alias->weights.clear();
    if (arguments_.canary.empty() || alias->version == done_.version) {
      alias->version = done_.version;
    } else {
      alias->weights[done_.version] = canary_share(arguments_.canary);
    }
    lead(*alias);
  }

  void lead(const aws::FunctionAlias& wanted) {
    const aws::FunctionAlias now = api_.update_alias(wanted);
    done_.alias_version = now.version;
    done_.weights = now.weights;
    note(fmt::format("alias {} led to version {}, leads to {}", now.name, done_.alias_before,
                     routing_text(now.version, now.weights)));
  }

  std::string version_before(const std::string& version) {
    const std::optional<std::uint64_t> current = number_of(version);
    std::optional<std::uint64_t> before;
    for (const aws::FunctionConfiguration& one : api_.versions()) {
      const std::optional<std::uint64_t> number = number_of(one.version);
      if (number && (!current || *number < *current) && (!before || *number > *before)) before = number;
    }
    if (!before) {
      io::throw_input(fmt::format("no version before {} is left: --rollback VERSION names one", version), api_.name());
    }
    return std::to_string(*before);
  }

  const Command& command_;
  const DeployArguments& arguments_;
  aws::FunctionApi api_;
  Deployment done_;
};

}  // namespace

void DeployArguments::add_to(Options& options) {
  const std::string group = "Deploying";
  const Option deploy =
      options.add_option("--deploy", function, "Make it the code of this function, and publish a version")
          .option_text("FUNCTION")
          .group(group);
  const Option moved = options.add_option("--alias", alias, "Lead this alias to the version; made where there is none")
                           .option_text("NAME")
                           .needs(deploy)
                           .group(group);
  const Option shared =
      options.add_option("--canary", canary, "Lead a share of the alias to it, as 10%, the rest stays")
          .option_text("SHARE")
          .needs(moved)
          .group(group);
  const Option back =
      options.add_option("--rollback", rollback, "Lead the alias back: off a canary, or to the version before")
          .option_text("[VERSION]")
          .expected(0, 1)
          .needs(moved)
          .excludes(shared)
          .group(group);
  options.add_flag("--dry-run", dry_run, "Ask whether the code could be updated, and do nothing")
      .needs(deploy)
      .excludes(back)
      .group(group);
  options.add_option("--region", aws.region, "The function's region [the ARN's, AWS_REGION, the profile's]")
      .needs(deploy)
      .group(group);
  options.add_option("--endpoint-url", aws.endpoint_url, "Where Lambda is asked [AWS_ENDPOINT_URL_LAMBDA, AWS's own]")
      .option_text("URL")
      .needs(deploy)
      .group(group);
}

void DeployArguments::check(const Options& options) {
  rolls_back = options.count("--rollback") > 0;
  if (!canary.empty()) canary_share(canary);
  if (asked()) api_of(*this);
}

Deployment deploy(const Command& command, const DeployArguments& arguments, const package::DeploymentZip& zip,
                  const std::string& output) {
  return Deploy(command, arguments).deploy(zip, output);
}

Deployment roll_back(const Command& command, const DeployArguments& arguments) {
  return Deploy(command, arguments).roll_back();
}

std::string deployment_text(const Deployment& deployment) {
  std::string text = fmt::format("{} in {}", deployment.function, deployment.region);
  if (deployment.dry_run) return text + " · nothing was done";
  if (!deployment.version.empty()) text += " · version " + deployment.version;
  if (!deployment.alias.empty()) {
    text += fmt::format(" · {} {} → {}", deployment.alias,
                        deployment.alias_before.empty() ? "none" : deployment.alias_before,
                        routing_text(deployment.alias_version, deployment.weights));
  }
  return text;
}

}  // namespace textlambda::command
