// textlambda-conform: Lambda's contract as a scorecard: rows asked of any emulator, or of the cloud.
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/conform/scorecard.h"
#include "textlambda/conform/scorecard_report.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/package/elf.h"
#include "textlambda/signing/signature_v4.h"

#include "command/bootstrap_path.h"
#include "command/command.h"
#include "command/overwriting.h"

namespace {

using namespace textlambda;

constexpr const char* kExamples =
    "  textlambda-conform --endpoint http://127.0.0.1:9001 --function probe\n"
    "  textlambda-conform --endpoint http://127.0.0.1:9001 --deploy --report html=scorecard.html\n"
    "  textlambda-conform --endpoint http://127.0.0.1:9001 --function probe --only errors --json";

struct Arguments {
  std::string endpoint;
  std::string function;
  bool deploy = false;
  std::vector<std::string> groups;
  std::vector<std::string> reports;
  double timeout = 30;
  unsigned concurrency = 0;
  std::string region = "us-east-1";
  std::string role;
  std::string queue;
  std::string feed;
  std::string probe;
};

std::atomic<bool> interrupted{false};

// What was made at the endpoint is to go before this does; a second signal ends it at once.
extern "C" void end_after_cleaning(int /*number*/) { interrupted.store(true); }

void handle_interrupts() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;  // nohup, "&"
    action = {};
    action.sa_handler = end_after_cleaning;
    action.sa_flags = SA_RESETHAND;
    ::sigaction(number, &action, nullptr);
  }
}

std::string new_unique() {
  std::random_device source;
  return fmt::format("{:08x}", static_cast<std::uint32_t>(source()));
}

conform::Options options_of(const Arguments& arguments) {
  if (arguments.endpoint.empty()) io::throw_usage("--endpoint URL is required");
  if (!(arguments.timeout >= 1 && arguments.timeout <= 1000)) {
    io::throw_usage(fmt::format("--timeout {}: expected seconds, 1 to 1000", arguments.timeout));
  }
  conform::Options options;
  options.target = tls::parse_target(arguments.endpoint);
  options.function = arguments.function;
  options.groups = arguments.groups;
  options.row_timeout = std::chrono::milliseconds(std::lround(arguments.timeout * 1000));
  if (arguments.concurrency > 0) options.concurrency = arguments.concurrency;
  options.region = arguments.region;
  options.deploy = arguments.deploy;
  if (!arguments.role.empty()) options.role = arguments.role;
  options.queue = arguments.queue;
  options.feed = arguments.feed;
  options.unique = new_unique();
  options.interrupted = &interrupted;
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  signing::Credentials credentials{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                                   variable("AWS_SESSION_TOKEN")};
  if (!credentials.access_key_id.empty() && !credentials.secret_access_key.empty()) {
    options.signer = [credentials = std::move(credentials), scope = signing::Scope{arguments.region, "lambda"}](
                         std::string_view method, std::string_view target, std::string_view body,
                         std::vector<http::Header>& headers) {
      const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
      const std::vector<http::Header> added = signing::signature_headers(
          {.method = method, .target = target, .headers = headers, .body = body}, credentials, scope, now);
      headers.insert(headers.end(), added.begin(), added.end());
    };
  }
  return options;
}

// The probe that is deployed, and for which of Lambda's processors it is.
void read_probe(const Arguments& arguments, conform::Options& options) {
  const std::string path = arguments.probe.empty() ? command::find_program("conform-probe") : arguments.probe;
  const io::MappedFile file = io::MappedFile::open(path);
  options.probe = file.view();
  options.architecture = package::architecture_name(package::read_elf(options.probe, path).architecture);
}

int run(const command::Command& command, const Arguments& arguments) {
  std::vector<conform::ReportTarget> reports;
  std::vector<command::Output> outputs;
  for (const std::string& report : arguments.reports) {
    reports.push_back(conform::parse_report_target(report));
    outputs.emplace_back("--report", reports.back().second);
  }
  command::keep_apart(outputs);
  conform::Options options = options_of(arguments);
  conform::check(options);
  if (options.deploy) read_probe(arguments, options);
  handle_interrupts();

  std::string_view group;
  const bool shows_rows = !command.json() && !command.quiet();
  const conform::Scorecard card = conform::score(options, [&](const conform::ScoredRow& scored) {
    if (!shows_rows) return;
    if (group != scored.group) command::print_text(fmt::format("{}{}\n", group.empty() ? "" : "\n", scored.group));
    group = scored.group;
    // The row itself fits a line of the terminal; what came instead is shown whole, and is fit to be shown already.
    const std::string text = conform::row_text(scored);
    const std::size_t line = text.find('\n') + 1;
    command::print_text(text.substr(0, line));
    command::print(text.substr(line));
  });
  if (!card.left_behind.empty()) command.note("could not be deleted: " + card.left_behind);
  if (card.interrupted) io::throw_input("interrupted; what was made is deleted", card.endpoint);
  conform::write_reports(reports, card);
  if (command.json()) {
    command::print(conform::to_json(card));
  } else if (!command.quiet()) {
    command::print_text("\n" + conform::heading_text(card) + conform::sums_text(card));
  }
  return card.passed() ? command::kDone : command::kJudgedFailed;
}

void add_options(command::Command& command, Arguments& arguments) {
  command::Options& options = command.options();
  options.add_option("--endpoint", arguments.endpoint, "Where the Lambda API is, http or https").option_text("URL");
  options.add_option("--function", arguments.function, "The probe there: a name or an ARN").option_text("NAME");
  options.add_flag("--deploy", arguments.deploy, "Make a function of the probe, ask how it is managed, delete it");
  options.add_option("--only", arguments.groups, "Ask these groups alone: invoke, errors, …").option_text("GROUP ...");
  options.add_option("--report", arguments.reports, "Write a report: json, html or junit; repeatable")
      .one_value_each()
      .option_text("KIND=PATH");
  options.add_option("--timeout", arguments.timeout, "Seconds that a row may take [30]");
  options.add_option("--concurrency", arguments.concurrency, "How many invocations of the function may run at a time")
      .between(1, 1000);
  options.add_option("--region", arguments.region, "Region of the endpoint [us-east-1]").option_text("REGION");
  options.add_option("--role", arguments.role, "Execution role of the function that is made").option_text("ARN");
  options.add_option("--queue", arguments.queue, "SQS queue for its event source mappings").option_text("ARN");
  options.add_option("--feed", arguments.feed, "Puts its standard input into a queue that feeds the function")
      .option_text("COMMAND");
  options.add_option("--probe", arguments.probe, "The function that is made [conform-probe]").option_text("FILE");
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-conform", "Holds a Lambda, emulated or AWS's own, against Lambda's contract.",
                           kExamples, "docs/conform.md has every row, and how to run it against others.");
  Arguments arguments;
  add_options(command, arguments);
  command.add_json_flag("Print the scorecard as one JSON object");
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
