// textlambda-emulate: a local Lambda around any bootstrap. The aws CLI and the SDKs call its API.
#include <signal.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/emulator/emulator.h"
#include "textlambda/emulator/functions_file.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/package/scratch_folder.h"

#include "command/bootstrap_path.h"
#include "command/command.h"
#include "command/temporary_folder.h"
#include "emulate_capacity.h"
#include "emulate_event.h"
#include "emulate_simulate.h"

namespace {

using namespace textlambda;
namespace fs = std::filesystem;

constexpr const char* kExamples =
    "  textlambda-emulate --model tickets.tlm\n"
    "  textlambda-emulate --function classify=build/bootstrap --model tickets.tlm --concurrency 8\n"
    "  textlambda-emulate --functions functions.toml --state functions\n"
    "  aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name classify \\\n"
    "    --cli-binary-format raw-in-base64-out --payload file://event.json answer.json";

struct Arguments {
  std::vector<std::string> functions;
  std::string functions_file;
  std::string model;
  std::string host = "127.0.0.1";
  std::uint64_t port = 9001;
  std::string ready_file;
  std::uint64_t concurrency = 10;
  std::uint64_t max_concurrency = 1;
  std::uint64_t memory = 128;
  double timeout = 3;
  double idle = 300;
  std::vector<std::string> variables;
  std::vector<std::string> sources;
  std::vector<std::string> queues;
  bool exit_when_fed = false;
  bool json_logs = false;
  std::string record;
  std::uint64_t record_limit = 0;
  std::vector<std::string> allowed_hosts;
  std::string http;
  std::string http_kind = "url";
  std::vector<std::string> keys;
  bool require_signatures = false;
  bool watch = false;
  std::string state;
  std::string region = "us-east-1";
  std::string account = "012345678912";
  double settling = 0;
  std::vector<std::string> on_success;
  std::vector<std::string> on_failure;
  std::string destinations;
  double time_scale = 1;
};

// NAME=VALUE. Throws Error(usage) where the name or "=" is missing.
std::pair<std::string, std::string> name_and_value(const char* option, const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0) {
    io::throw_usage(fmt::format("{} {}: expected NAME=VALUE", option, argument));
  }
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

// What the command line says of every function.
emulator::FunctionSpec defaults_of(const Arguments& arguments) {
  emulator::FunctionSpec spec;
  spec.memory_mb = static_cast<unsigned>(arguments.memory);
  spec.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout * 1000));
  spec.json_logs = arguments.json_logs;
  spec.max_concurrency = static_cast<unsigned>(arguments.max_concurrency);
  if (!arguments.model.empty()) {
    std::error_code error;
    const bool is_file = arguments.model.find("://") == std::string::npos;
    spec.environment["TEXTLAMBDA_MODEL"] =
        is_file ? fs::absolute(arguments.model, error).lexically_normal().string() : arguments.model;
  }
  for (const std::string& variable : arguments.variables) {
    const char* const own = variable.find('=') == std::string::npos ? std::getenv(variable.c_str()) : nullptr;
    if (own != nullptr) {
      spec.environment[variable] = own;
      continue;
    }
    if (variable.find('=') == std::string::npos) {
      io::throw_usage(
          fmt::format("--env {}: is not set here, expected NAME=VALUE or the name of a variable", variable));
    }
    auto [key, value] = name_and_value("--env", variable);
    spec.environment[key] = value;
  }
  return spec;
}

std::vector<emulator::FunctionSpec> functions_of(const Arguments& arguments) {
  const emulator::FunctionSpec defaults = defaults_of(arguments);
  std::vector<emulator::FunctionSpec> specs;
  if (!arguments.functions_file.empty()) specs = emulator::read_functions_file(arguments.functions_file, defaults);
  for (emulator::FunctionSpec& spec : specs) {
    if (!spec.own.empty()) spec.file = command::find_program(command::bootstrap_name(spec.own));
  }
  for (const std::string& argument : arguments.functions) {
    emulator::FunctionSpec spec = defaults;
    std::tie(spec.name, spec.file) = name_and_value("--function", argument);
    for (const emulator::FunctionSpec& other : specs) {
      if (other.name == spec.name) io::throw_usage(fmt::format("two functions are named {}", spec.name));
    }
    specs.push_back(std::move(spec));
  }
  // By itself it hosts our own; with kept functions it hosts those.
  if (specs.empty() && (arguments.state.empty() || !arguments.model.empty())) {
    emulator::FunctionSpec spec = defaults;
    spec.name = "classify";
    spec.file = command::find_program("bootstrap");
    specs.push_back(std::move(spec));
  }
  const auto set = [&](const char* option, const std::vector<std::string>& values, auto member) {
    for (const std::string& argument : values) {
      auto [name, destination] = name_and_value(option, argument);
      bool found = false;
      for (emulator::FunctionSpec& spec : specs) {
        if (spec.name != name) continue;
        spec.event_invoke.*member = destination;
        found = true;
      }
      if (!found) io::throw_usage(fmt::format("{} {}: there is no function {}", option, argument, name));
    }
  };
  set("--on-success", arguments.on_success, &emulator::EventInvokeConfig::on_success);
  set("--on-failure", arguments.on_failure, &emulator::EventInvokeConfig::on_failure);
  return specs;
}

void check(const Arguments& arguments) {
  const auto demand = [](bool good, const char* option, auto value, const char* expected) {
    if (!good) io::throw_usage(fmt::format("{} {}: expected {}", option, value, expected));
  };
  demand(arguments.port <= 65535, "--port", arguments.port, "0 to 65535");
  demand(arguments.memory >= 128 && arguments.memory <= 10240, "--memory", arguments.memory, "128 to 10240, in MB");
  demand(arguments.timeout > 0 && arguments.timeout <= 900, "--timeout", arguments.timeout,
         "seconds, above 0 and up to 900");
  demand(arguments.concurrency >= 1 && arguments.concurrency <= 1000, "--concurrency", arguments.concurrency,
         "1 to 1000");
  demand(arguments.max_concurrency >= 1 && arguments.max_concurrency <= 1600, "--max-concurrency",
         arguments.max_concurrency, "1 to 1600");
  demand(arguments.idle > 0 && arguments.idle <= 86400, "--idle", arguments.idle, "seconds, above 0 and up to 86400");
  demand(arguments.settling >= 0 && arguments.settling <= 600, "--settling", arguments.settling, "seconds, 0 to 600");
  demand(arguments.account.size() == 12 && arguments.account.find_first_not_of("0123456789") == std::string::npos,
         "--account", arguments.account, "twelve digits");
  demand(!arguments.region.empty() &&
             arguments.region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos,
         "--region", arguments.region, "a name such as eu-central-1");
  demand(arguments.time_scale >= 0 && arguments.time_scale <= 1000, "--time-scale", arguments.time_scale, "0 to 1000");
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

emulator::GatewayKind gateway_kind(const std::string& name) {
  if (name == "url") return emulator::GatewayKind::function_url;
  if (name == "http-api" || name == "2.0") return emulator::GatewayKind::http_api;
  if (name == "1.0") return emulator::GatewayKind::http_api_v1;
  if (name == "rest") return emulator::GatewayKind::rest_api;
  return emulator::GatewayKind::load_balancer;
}

emulator::EmulatorSettings settings_of(const Arguments& arguments, const std::vector<emulator::FunctionSpec>& specs,
                                       const std::string& scratch) {
  emulator::EmulatorSettings settings;
  settings.host = arguments.host;
  settings.port = static_cast<std::uint16_t>(arguments.port);
  settings.sources = arguments.sources;
  settings.queues = arguments.queues;
  for (const emulator::FunctionSpec& spec : specs) {
    for (const std::string& source : spec.sources) settings.sources.push_back(spec.name + "=" + source);
  }
  settings.exit_when_fed = arguments.exit_when_fed;
  settings.record = arguments.record;
  if (arguments.record_limit > 0) settings.record_limit = arguments.record_limit;
  settings.allowed_hosts = arguments.allowed_hosts;
  settings.http = arguments.http;
  settings.http_kind = gateway_kind(arguments.http_kind);
  for (const std::string& key : arguments.keys) {
    const std::size_t colon = key.find(':');
    if (colon == std::string::npos || colon == 0) io::throw_usage("--access-key: expected ID:SECRET");
    settings.keys.push_back({key.substr(0, colon), key.substr(colon + 1), ""});
  }
  settings.require_signatures = arguments.require_signatures;
  if (settings.require_signatures && settings.keys.empty()) io::throw_usage("--require-sigv4 needs --access-key");
  settings.watch = arguments.watch;
  settings.region = arguments.region;
  settings.account = arguments.account;
  settings.state = arguments.state;
  settings.destinations = arguments.destinations;
  settings.settling = milliseconds_of(arguments.settling);
  settings.service.scratch = scratch;
  settings.service.concurrency = static_cast<unsigned>(arguments.concurrency);
  settings.service.idle = milliseconds_of(arguments.idle);
  settings.service.time_scale = arguments.time_scale;
  return settings;
}

emulator::Awaitable<> end_when_fed(emulator::asio::io_context& context, emulator::Emulator& emulator) {
  co_await emulator.all_fed();
  co_await emulator.shut_down(std::chrono::seconds(5));
  context.stop();
}

// The first signal lets what is under way come to its end; the second does not.
emulator::Awaitable<> end_on_signal(emulator::asio::io_context& context, emulator::Emulator& emulator) {
  emulator::asio::signal_set signals(context, SIGINT, SIGTERM, SIGHUP);
  boost::system::error_code ignored;
  co_await signals.async_wait(emulator::asio::redirect_error(emulator::asio::use_awaitable, ignored));
  signals.async_wait([&context](const boost::system::error_code& error, int) {
    if (!error) context.stop();
  });
  co_await emulator.shut_down(std::chrono::seconds(5));
  context.stop();
}

int run(const command::Command& command, const Arguments& arguments) {
  check(arguments);
  ::signal(SIGPIPE, SIG_IGN);
  const package::ScratchFolder scratch(command::temporary_folder(), "textlambda-emulate");
  emulator::asio::io_context context(1);
  const bool quiet = command.quiet();
  const emulator::LogSink log = [quiet](std::string_view text) {
    if (!quiet) command::say(std::string(text));
  };
  const std::vector<emulator::FunctionSpec> specs = functions_of(arguments);
  std::vector<std::shared_ptr<emulator::Function>> functions;
  for (const emulator::FunctionSpec& spec : specs) functions.push_back(emulator::function_of(spec, scratch.path()));
  emulator::Emulator emulator(context, settings_of(arguments, specs, scratch.path()), log);
  for (std::size_t i = 0; i < specs.size(); ++i) emulator.host(functions[i], specs[i]);
  for (const emulator::FunctionSpec& spec : specs) emulator.configure_events(spec.name, spec.event_invoke);
  emulator.start();

  const std::string address = emulator.address();
  if (!emulator.is_loopback()) {
    command.note(
        fmt::format("warning: {} is not the loopback interface: whoever reaches it runs these functions", address));
  }
  for (const auto& [name, function] : emulator.registry().functions) {
    command.note(
        fmt::format("aws lambda invoke --endpoint-url http://{} --function-name {} --cli-binary-format "
                    "raw-in-base64-out --payload '{{\"text\":\"hello\"}}' /dev/stdout",
                    address, name));
  }
  std::string http_line;
  if (const std::string http = emulator.http_address(); !http.empty()) {
    http_line = "http " + http + "\n";
    command.note(fmt::format("curl http://{}/ -H 'content-type: application/json' -d '{{\"text\":\"hello\"}}'", http));
  }
  // A signal to who waits for it: nobody reads it after a loss of power.
  if (!arguments.ready_file.empty()) {
    io::write_file(arguments.ready_file, "invoke " + address + "\n" + http_line,
                   io::AtomicFileOptions{.durable = false});
  }

  emulator::asio::co_spawn(context, end_on_signal(context, emulator), emulator::asio::detached);
  if (arguments.exit_when_fed) {
    emulator::asio::co_spawn(context, end_when_fed(context, emulator), emulator::asio::detached);
  }
  context.run();
  if (!quiet) {
    for (const std::string& line : emulator.summary_lines()) command::say(line + "\n");
    if (const auto books = emulator.books(); !books.empty()) command::say(sources::books_table(books));
  }
  for (const sources::BooksRow& row : emulator.books()) {
    if (!row.fault.empty())
      return command.complain(row.name + ": the books do not balance: " + row.fault, command::kInternal);
  }
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "event") return command::event_main(argc - 1, argv + 1);
  if (first == "simulate") return command::simulate_main(argc - 1, argv + 1);
  if (first == "capacity") return command::capacity_main(argc - 1, argv + 1);
  command::Command command(
      "textlambda-emulate", "Hosts functions as AWS Lambda does, on this machine.", kExamples,
      "Any program that speaks the Runtime API is a function. Ctrl-C ends it and all it has started.\n"
      "textlambda-emulate event, simulate and capacity are commands of their own: see their --help.");
  Arguments arguments;
  command::Options& options = command.options();
  options
      .add_option("--function", arguments.functions,
                  "A function: its bootstrap, or its zip; repeatable [classify, ours]")
      .one_value_each()
      .option_text("NAME=FILE");
  options.add_option("--functions", arguments.functions_file, "Several functions, described in TOML")
      .option_text("FILE");
  options.add_option("-m,--model", arguments.model, "The model file, as TEXTLAMBDA_MODEL").option_text("MODEL");
  options.add_option("--host", arguments.host, "IP address to listen on [127.0.0.1]").option_text("ADDRESS");
  options.add_option("--port", arguments.port, "Port to listen on; 0: any that is free [9001]");
  options.add_option("--ready-file", arguments.ready_file, "Written once it listens: \"invoke ADDRESS:PORT\"")
      .option_text("FILE");
  options.add_option("--concurrency", arguments.concurrency, "Environments of a function at a time [10]");
  options.add_option("--max-concurrency", arguments.max_concurrency,
                     "Invocations that one environment takes at a time, as Managed Instances do [1]");
  options.add_option("--memory", arguments.memory, "MB that an environment may use, 128 to 10240 [128]");
  options.add_option("--timeout", arguments.timeout, "Seconds that an invocation may take, up to 900 [3]");
  options.add_option("--env", arguments.variables, "A variable of every function, NAME for the one of here; repeatable")
      .one_value_each()
      .option_text("NAME=VALUE");
  options.add_option("--idle", arguments.idle, "Seconds without work after which an environment ends [300]");
  options.add_option("--source", arguments.sources, "Feed a function from a queue, a stream or a schedule; repeatable")
      .one_value_each()
      .option_text("NAME=KIND:WHAT");
  options
      .add_option("--queue", arguments.queues,
                  "The messages of a queue of that name, for event source mappings made over the API; repeatable")
      .one_value_each()
      .option_text("NAME=FILE");
  options.add_flag("--exit-when-fed", arguments.exit_when_fed, "End when the sources have nothing left");
  options.add_flag("--json-logs", arguments.json_logs, "The platform's lines of the log as JSON");
  options
      .add_option("--record", arguments.record, "A folder that keeps each event and its answer, for textlambda-replay")
      .option_text("FOLDER");
  options.add_option("--record-limit", arguments.record_limit, "Keep no more than so many; 0: all [0]");
  options
      .add_option("--allow-host", arguments.allowed_hosts, "A name of this machine that browsers may use; repeatable")
      .one_value_each()
      .option_text("NAME");
  options.add_option("--http", arguments.http, "Serve the first function over HTTP too").option_text("HOST:PORT");
  options
      .add_option("--payload-format", arguments.http_kind,
                  "What serves there: url (a function URL), 2.0 (an HTTP API), 1.0 (the same), rest, alb [url]")
      .one_of({"url", "http-api", "2.0", "1.0", "rest", "alb"});
  options.add_option("--access-key", arguments.keys, "A key that requests may be signed with; repeatable")
      .one_value_each()
      .option_text("ID:SECRET");
  options.add_flag("--require-sigv4", arguments.require_signatures,
                   "Refuse calls of the API that none of the keys has signed");
  options.add_flag("--watch", arguments.watch, "Start anew what has changed: programs, zips and models");
  options.add_option("--state", arguments.state, "A folder that keeps functions between runs").option_text("FOLDER");
  options.add_option("--region", arguments.region, "What ARNs say [us-east-1]");
  options.add_option("--account", arguments.account, "The twelve digits of ARNs [012345678912]");
  options.add_option("--settling", arguments.settling,
                     "Seconds that a function is Pending, or its update InProgress [0]");
  options
      .add_option("--on-success", arguments.on_success,
                  "Where records of events that succeeded go: an ARN, or file:FILE; repeatable")
      .one_value_each()
      .option_text("NAME=DESTINATION");
  options.add_option("--on-failure", arguments.on_failure, "The same of events that were given up; repeatable")
      .one_value_each()
      .option_text("NAME=DESTINATION");
  options
      .add_option("--destinations", arguments.destinations,
                  "A folder of files that stand for the queues and topics which records are sent to")
      .option_text("FOLDER");
  options.add_option("--time-scale", arguments.time_scale,
                     "What the minutes between retries of an event are multiplied with [1]");
  command.show_in_help({"function", "functions", "model", "host", "port", "ready-file", "concurrency", "memory",
                        "timeout", "env", "state", "watch", "http", "source", "record", "quiet"});
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
