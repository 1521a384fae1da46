// textlambda-package: model + bootstrap → deployment zip.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/aws/s3_name.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/output_target.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/json/result.h"
#include "textlambda/model/model_file.h"
#include "textlambda/package/cold_start.h"
#include "textlambda/package/deployment_zip.h"
#include "textlambda/package/unpacked_zip.h"
#include "textlambda/text/shown.h"

#include "command/bootstrap_path.h"
#include "command/command.h"
#include "command/figures.h"
#include "command/overwriting.h"
#include "command/temporary_folder.h"
#include "package_deploy.h"

namespace {

using namespace textlambda;
namespace fs = std::filesystem;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr const char* kExamples =
    "  textlambda-package --model tickets.tlm -o tickets.zip\n"
    "  textlambda-package --model tickets.tlm --arch arm64 --bootstrap arm64/bootstrap -o tickets.zip\n"
    "  textlambda-package --function retrain -o retrain.zip\n"
    "  textlambda-package --model tickets.tlm --deploy classify --alias live --canary 10%\n"
    "  textlambda-package --deploy classify --alias live --rollback";

constexpr const char* kNotes =
    "Exit status: 0 written · 1 beyond a limit of Lambda, not written · 2 usage · 5 a file cannot be used\n"
    "Next: docs/deploy.md makes the function and what calls it; --deploy updates one that is there.";

struct Arguments {
  std::string model;
  std::string function = "serve";
  std::string output;
  std::string bootstrap;
  std::string architecture;
  std::vector<std::string> additions;
  bool allow_dynamic = false;
  bool by_s3 = false;
  bool measure = false;
  unsigned runs = package::ColdStartOptions{}.runs;
  command::DeployArguments deploy;
};

// The program that is the function, by what it does.
std::string find_bootstrap(const std::string& function, std::optional<package::Architecture> wanted) {
  const bool other = wanted && wanted != package::own_architecture();
  return command::find_program(command::bootstrap_name(function),
                               other ? std::string(package::architecture_name(*wanted)) : "");
}

// The function that retrains has no model of its own: it finds them in a store.
bool retrains(const Arguments& arguments) { return arguments.function == "retrain"; }

void check(const Arguments& arguments) {
  if (retrains(arguments) && !arguments.model.empty()) {
    io::throw_usage("--model: the function that retrains finds its models in a store, name none");
  }
  if (retrains(arguments) && arguments.measure) {
    io::throw_usage("--measure: the function that retrains starts with a store and a test set, which are not here");
  }
  if (!retrains(arguments) && arguments.model.empty()) io::throw_usage("--model is required");
}

// The files to add, mapped for as long as the zip is made.
class Additions {
 public:
  explicit Additions(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const package::Addition addition = package::parse_addition(text);
      files_.push_back(io::MappedFile::open(addition.file));
      paths_.push_back(addition.file);
      struct stat status {};
      const bool executable = ::stat(addition.file.c_str(), &status) == 0 && (status.st_mode & S_IXUSR) != 0;
      members_.push_back({addition.name, files_.back().view(), executable});
    }
  }
  const std::vector<archive::ZipMember>& members() const { return members_; }
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  std::vector<io::MappedFile> files_;
  std::vector<std::string> paths_;
  std::vector<archive::ZipMember> members_;
};

std::vector<double> measure(const package::DeploymentZip& zip, unsigned runs) {
  if (zip.architecture != package::own_architecture()) {
    io::throw_usage(fmt::format("--measure: a bootstrap for {} does not run on this machine",
                                package::architecture_name(zip.architecture)));
  }
  const package::UnpackedZip unpacked(zip.bytes, command::temporary_folder());
  package::ColdStartOptions options;
  options.runs = runs;
  std::vector<double> times;
  for (const std::chrono::nanoseconds time : package::measure_cold_starts(
           unpacked.folder(), options, [] { return std::chrono::steady_clock::now().time_since_epoch(); })) {
    times.push_back(Milliseconds(time).count());
  }
  std::sort(times.begin(), times.end());
  return times;
}

double median(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// By the fastest start: what else the machine does can only add to the program's own time.
package::InitEstimate estimate_of(const std::vector<double>& times) {
  return times.empty() ? package::InitEstimate{} : package::estimate_init(times.front());
}

// A word of a shell's command line, whatever is in it.
std::string shell_word(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./:=+,@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// Where Lambda takes the zip from, if that is S3.
std::optional<aws::S3Name> place_in_s3(const Arguments& arguments) {
  if (aws::is_s3_name(arguments.output)) return aws::parse_s3_name(arguments.output);
  if (!arguments.by_s3) return std::nullopt;
  return aws::S3Name{"BUCKET", fs::path(arguments.output).filename().string()};
}

// Of a function that is there already.
std::string update_command(const Arguments& arguments) {
  const std::optional<aws::S3Name> s3 = place_in_s3(arguments);
  return fmt::format("aws lambda update-function-code --function-name {} {}",
                     shell_word(fs::path(arguments.output).stem().string()),
                     s3 ? fmt::format("--s3-bucket {} --s3-key {}", s3->bucket, shell_word(s3->key))
                        : fmt::format("--zip-file {}", shell_word("fileb://" + arguments.output)));
}

// Of one that is not: its role has to be made before.
std::string create_command(const Arguments& arguments, package::Architecture architecture) {
  const std::optional<aws::S3Name> s3 = place_in_s3(arguments);
  return fmt::format(
      "aws lambda create-function --function-name {} --runtime provided.al2023 --handler bootstrap --architectures {} "
      "--role ROLE_ARN {}",
      shell_word(fs::path(arguments.output).stem().string()), package::architecture_name(architecture),
      s3 ? fmt::format("--code {}", shell_word("S3Bucket=" + s3->bucket + ",S3Key=" + s3->key))
         : fmt::format("--zip-file {}", shell_word("fileb://" + arguments.output)));
}

nlohmann::json deployment_json(const command::Deployment& deployment) {
  using nlohmann::json;
  const auto or_null = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
  return {{"function", deployment.function},
          {"region", deployment.region},
          {"dry_run", deployment.dry_run},
          {"code_updated", deployment.code_updated},
          {"version", or_null(deployment.version)},
          {"alias", or_null(deployment.alias)},
          {"alias_before", or_null(deployment.alias_before)},
          {"alias_version", or_null(deployment.alias_version)},
          {"weights", deployment.weights}};
}

std::string as_json(const Arguments& arguments, const std::string& bootstrap, const std::string& model_id,
                    const package::DeploymentZip& zip, const std::vector<double>& times,
                    const std::optional<command::Deployment>& deployment) {
  using nlohmann::json;
  const package::InitEstimate estimate = estimate_of(times);
  json cold_start = {{"estimated_init_ms", {estimate.low_ms, estimate.high_ms}},
                     {"published_init_ms", {package::kPublishedInitMsLow, package::kPublishedInitMsHigh}},
                     {"measured", nullptr}};
  if (!times.empty()) {
    cold_start["measured"] = {{"exec_to_next_ms", median(times)},
                              {"min_ms", times.front()},
                              {"max_ms", times.back()},
                              {"runs", times.size()}};
  }
  json result = {
      {"path", arguments.output.empty() ? json(nullptr) : json(arguments.output)},
      {"zip_bytes", zip.bytes.size()},
      {"zip_limit_bytes", package::kMaxZipBytes},
      {"unpacked_bytes", zip.unpacked_bytes},
      {"unpacked_limit_bytes", package::kMaxUnpackedBytes},
      {"runtime", package::kRuntime},
      {"architecture", package::architecture_name(zip.architecture)},
      {"handler", package::kBootstrapName},
      {"static", zip.is_static},
      {"files", zip.names},
      {"bootstrap", bootstrap},
      {"function", arguments.function},
      {"model", model_id.empty() ? json() : json{{"path", arguments.model}, {"id", model_id}}},
      {"sha256", encoding::sha256_hex(zip.bytes)},
      {"code_sha256", encoding::sha256_base64(zip.bytes)},
      {"cold_start", cold_start},
      {"create", arguments.output.empty() ? json(nullptr) : json(create_command(arguments, zip.architecture))},
      {"next", arguments.output.empty() ? json(nullptr) : json(update_command(arguments))},
      {"deployed", deployment ? deployment_json(*deployment) : json(nullptr)},
  };
  return textlambda::json::result_text(std::move(result));
}

std::string cold_start_text(const std::vector<double>& times) {
  const package::InitEstimate estimate = estimate_of(times);
  if (times.empty()) {
    return fmt::format(
        "about {:.0f} … {:.0f} ms Init Duration, the published means of small native functions; --measure "
        "times this one",
        estimate.low_ms, estimate.high_ms);
  }
  return fmt::format(
      "exec to first request {:.2f} ms here (median of {}; {:.2f} … {:.2f}) · about {:.0f} … {:.0f} ms Init "
      "Duration: the published means of small native functions, and what the fastest takes beyond {} ms",
      median(times), times.size(), times.front(), times.back(), estimate.low_ms, estimate.high_ms,
      package::kBareStartMs);
}

std::string as_text(const Arguments& arguments, const std::string& bootstrap, const std::string& model_id,
                    const package::DeploymentZip& zip, const std::vector<double>& times,
                    const std::optional<command::Deployment>& deployment) {
  using command::bytes_text;
  std::string files;
  for (const std::string& name : zip.names) files += (files.empty() ? "" : " ") + name;
  std::string text;
  const auto line = [&](const std::string& name, const std::string& content) {
    text += fmt::format("{:<{}}  {}\n", text::shown(name),
                        std::max<std::size_t>(11, std::min<std::size_t>(28, arguments.output.size())),
                        text::shown(content));
  };
  line(arguments.output.empty() ? "zip" : arguments.output,
       fmt::format("{} ({} unpacked, limit {}) · {} {} · same bytes every time", bytes_text(zip.bytes.size()),
                   bytes_text(zip.unpacked_bytes), bytes_text(package::kMaxUnpackedBytes), package::kRuntime,
                   package::architecture_name(zip.architecture)));
  line("files", files);
  line("bootstrap", bootstrap + (zip.is_static ? " · static" : " · dynamic: may not start there"));
  if (!model_id.empty()) line("model", fmt::format("{} · id {}", arguments.model, model_id));
  line("sha256", encoding::sha256_hex(zip.bytes));
  line("CodeSha256", encoding::sha256_base64(zip.bytes));
  line("cold start", cold_start_text(times));
  if (deployment) {
    line("deployed", command::deployment_text(*deployment));
    return text;
  }
  line("create", create_command(arguments, zip.architecture));
  line("next", update_command(arguments));
  return text;
}

int roll_back(const command::Command& command, const Arguments& arguments) {
  const command::Deployment deployment = command::roll_back(command, arguments.deploy);
  if (command.json()) {
    command::print(textlambda::json::result_text({{"deployed", deployment_json(deployment)}}));
  } else if (!command.quiet()) {
    command::print_text(fmt::format("{:<11}  {}\n", "deployed", text::shown(command::deployment_text(deployment))));
  }
  return command::kDone;
}

void require(const Arguments& arguments) {
  if (arguments.deploy.rolls_back) {
    if (!arguments.model.empty() || !arguments.output.empty()) {
      io::throw_usage("--rollback makes no zip: leave --model and --output out");
    }
    return;
  }
  if (arguments.output.empty() && !arguments.deploy.asked()) io::throw_usage("--output is required, or --deploy");
}

int run(const command::Command& command, Arguments& arguments, const std::string& config) {
  arguments.deploy.check(command.options());
  require(arguments);
  if (arguments.deploy.rolls_back) return roll_back(command, arguments);
  check(arguments);
  const bool to_stdout = !arguments.output.empty() && io::is_standard_output(arguments.output);
  if (to_stdout && command.json()) io::throw_usage("--json: standard output is the zip's, name a file with --output");
  package::ZipOptions options;
  options.allow_dynamic = arguments.allow_dynamic;
  if (!arguments.architecture.empty()) options.architecture = package::parse_architecture(arguments.architecture);

  // An output that cannot be written is known before the work, not after.
  std::optional<io::AtomicFile> file;
  if (!to_stdout && !arguments.output.empty()) file.emplace(arguments.output);
  std::optional<model::ModelFile> model;
  if (!retrains(arguments)) model = model::ModelFile::open(arguments.model);
  const Additions additions(arguments.additions);
  package::Contents contents;
  contents.bootstrap_file = arguments.bootstrap;
  if (arguments.bootstrap.empty()) contents.bootstrap_file = find_bootstrap(arguments.function, options.architecture);
  command::refuse_overwriting("--output", arguments.output, {arguments.model, contents.bootstrap_file, config});
  command::refuse_overwriting("--output", arguments.output, additions.paths());
  const io::MappedFile bootstrap = io::MappedFile::open(contents.bootstrap_file);
  contents.bootstrap = bootstrap.view();
  if (model) {
    contents.model = model->bytes();
    contents.model_id = model->id();
  }
  contents.tool_version = command::version();
  contents.additions = additions.members();

  const package::DeploymentZip zip = package::make_deployment_zip(contents, options);
  const bool by_s3 = arguments.by_s3 || io::remote_files_for(arguments.output) != nullptr;
  const std::vector<std::string> broken = package::broken_limits(zip, by_s3);
  for (const std::string& line : broken) {
    command.complain((arguments.output.empty() ? "zip" : arguments.output) + ": not written: " + line,
                     command::kJudgedFailed);
  }
  if (!broken.empty()) return command::kJudgedFailed;
  const std::vector<double> times = arguments.measure ? measure(zip, arguments.runs) : std::vector<double>{};
  if (file) {
    file->write(zip.bytes);
    file->commit();
  }
  std::optional<command::Deployment> deployment;
  if (arguments.deploy.asked()) deployment = command::deploy(command, arguments.deploy, zip, arguments.output);
  if (to_stdout) {
    command::print(zip.bytes);
  } else if (command.json()) {
    command::print(as_json(arguments, contents.bootstrap_file, contents.model_id, zip, times, deployment));
  } else if (!command.quiet()) {
    command::print_text(as_text(arguments, contents.bootstrap_file, contents.model_id, zip, times, deployment));
  }
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-package", "Packs a model and the bootstrap into a zip for AWS Lambda.",
                           kExamples, kNotes);
  Arguments arguments;
  command::Options& options = command.options();
  options.add_option("-m,--model", arguments.model, "The model file; none for the function that retrains")
      .option_text("MODEL");
  options
      .add_option("--function", arguments.function,
                  "What it does: serve; serve-s3, with models from s3:// too; retrain [serve]")
      .one_of({"serve", "serve-s3", "retrain"});
  options.add_option("-o,--output", arguments.output, "The zip to write; - for stdout").option_text("ZIP");
  options.add_option("--bootstrap", arguments.bootstrap, "The static bootstrap [beside this command]")
      .option_text("FILE");
  options.add_option("--arch", arguments.architecture, "Insist on x86_64 or arm64 [the bootstrap's own]")
      .one_of({"x86_64", "arm64"});
  options.add_option("--add", arguments.additions, "A file to add, repeatable; its own execute bit is kept")
      .one_value_each()
      .option_text("FILE[=NAME]");
  options.add_flag("--s3", arguments.by_s3, "It goes to S3 first: 52,428,800 bytes zipped are no limit");
  options.add_flag("--allow-dynamic", arguments.allow_dynamic, "Take a bootstrap that is not static");
  const command::Option measure_flag = options.add_flag(
      "--measure", arguments.measure, "Start it against a local Runtime API and time exec to first request");
  options.add_option("--runs", arguments.runs, "Starts to measure [21]").between(1U, 10000U).needs(measure_flag);
  arguments.deploy.add_to(options);
  command.add_json_flag("Print one JSON object");
  command.show_in_help({"model", "output", "arch", "add", "s3", "measure", "deploy", "alias", "canary", "rollback",
                        "dry-run", "region", "json"});
  return command.run(argc, argv, [&] { return run(command, arguments, options.config_file()); });
}
