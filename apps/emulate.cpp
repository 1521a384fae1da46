// textlambda-emulate: a local Lambda around any bootstrap. The aws CLI and the SDKs call its Invoke API.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/emulator/invoke_face.h"
#include "textlambda/emulator/lambda_service.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/package/deployment_zip.h"
#include "textlambda/package/unpacked_zip.h"
#include "textlambda/text/count.h"

#include "command/bootstrap_path.h"
#include "command/command.h"
#include "command/temporary_folder.h"

namespace {

using namespace textlambda;
namespace fs = std::filesystem;

constexpr const char* kExamples =
    "  textlambda-emulate --model tickets.tlm\n"
    "  textlambda-emulate --function classify=build/bootstrap --model tickets.tlm --concurrency 8\n"
    "  aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name classify \\\n"
    "    --cli-binary-format raw-in-base64-out --payload file://event.json answer.json";

struct Arguments {
  std::vector<std::string> functions;
  std::string model;
  std::string host = "127.0.0.1";
  std::uint64_t port = 9001;
  std::string ready_file;
  std::uint64_t concurrency = 10;
  std::uint64_t memory = 128;
  double timeout = 3;
  std::vector<std::string> variables;
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

// What can be told before anything is invoked: that there is a program, and that it is one for this machine.
std::string program_at(const std::string& path) {
  std::error_code error;
  const std::string whole = fs::absolute(path, error).lexically_normal().string();
  if (!fs::exists(whole, error)) io::throw_input("there is no such program", path);
  if (fs::is_directory(whole, error)) io::throw_input("is a folder, expected a program such as bootstrap", path);
  if (::access(whole.c_str(), X_OK) != 0) io::throw_input("is not executable: chmod +x makes it so", path);
  return whole;
}

// What a function starts: the program itself, or that of a deployment zip, which is unpacked for as long as the
// emulator runs; `unpacked` keeps it.
std::string bootstrap_of(const std::string& path, std::vector<std::unique_ptr<package::UnpackedZip>>& unpacked) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return program_at(path);
  const io::MappedFile file = io::MappedFile::open(path);
  if (!archive::is_zip(file.view())) return program_at(path);
  unpacked.push_back(std::make_unique<package::UnpackedZip>(file.view(), command::temporary_folder(), path));
  const std::string program = unpacked.back()->folder() + "/" + std::string(package::kBootstrapName);
  if (!fs::exists(program, error)) io::throw_input("has no file named bootstrap at its top", path);
  if (::access(program.c_str(), X_OK) != 0) io::throw_input("holds a bootstrap that is not executable", path);
  return program;
}

emulator::Function function_of(const Arguments& arguments, const std::string& name, const std::string& program,
                               std::vector<std::unique_ptr<package::UnpackedZip>>& unpacked) {
  emulator::Function function;
  function.name = name;
  function.executable = bootstrap_of(program, unpacked);
  function.task_root = fs::path(function.executable).parent_path().string();
  function.memory_mb = static_cast<unsigned>(arguments.memory);
  function.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout * 1000));
  function.concurrency = static_cast<unsigned>(arguments.concurrency);
  if (!arguments.model.empty()) {
    std::error_code error;
    function.environment["TEXTLAMBDA_MODEL"] = fs::absolute(arguments.model, error).lexically_normal().string();
  }
  for (const std::string& variable : arguments.variables) {
    auto [key, value] = name_and_value("--env", variable);
    function.environment[key] = value;
  }
  return function;
}

void check(const Arguments& arguments) {
  if (arguments.port > 65535) io::throw_usage(fmt::format("--port {}: expected 0 to 65535", arguments.port));
  if (arguments.memory < 128 || arguments.memory > 10240) {
    io::throw_usage(fmt::format("--memory {}: expected 128 to 10240, in MB", arguments.memory));
  }
  if (!(arguments.timeout > 0 && arguments.timeout <= 900)) {
    io::throw_usage(fmt::format("--timeout {}: expected seconds, above 0 and up to 900", arguments.timeout));
  }
  if (arguments.concurrency < 1 || arguments.concurrency > 1000) {
    io::throw_usage(fmt::format("--concurrency {}: expected 1 to 1000", arguments.concurrency));
  }
  if (!(arguments.time_scale >= 0 && arguments.time_scale <= 1000)) {
    io::throw_usage(fmt::format("--time-scale {}: expected 0 to 1000", arguments.time_scale));
  }
}

void write_summary(const emulator::Statistics& statistics) {
  command::say(fmt::format(
      "{}, {}, {}, {} throttled, at most {}\n", text::counted(statistics.invocations, "invocation"),
      text::counted(statistics.cold_starts, "cold start"), text::counted(statistics.function_errors, "function error"),
      text::grouped(statistics.throttled), text::counted(statistics.most_environments, "environment") + " at a time"));
}

emulator::Awaitable<> end_on_signal(emulator::asio::io_context& context, emulator::asio::ip::tcp::acceptor& acceptor,
                                    emulator::LambdaService& service) {
  emulator::asio::signal_set signals(context, SIGINT, SIGTERM, SIGHUP);
  boost::system::error_code ignored;
  co_await signals.async_wait(emulator::asio::redirect_error(emulator::asio::use_awaitable, ignored));
  acceptor.close(ignored);
  co_await service.shut_down(std::chrono::seconds(2));
  context.stop();
}

int run(const command::Command& command, const Arguments& arguments) {
  check(arguments);
  ::signal(SIGPIPE, SIG_IGN);
  emulator::asio::io_context context(1);
  const bool quiet = command.quiet();
  const emulator::LogSink log = [quiet](std::string_view text) {
    if (!quiet) command::say(std::string(text));
  };
  emulator::LambdaService service(context, log, {.time_scale = arguments.time_scale});
  std::vector<std::unique_ptr<package::UnpackedZip>> unpacked;
  std::vector<std::string> functions = arguments.functions;
  if (functions.empty()) functions.push_back("classify=" + command::find_bootstrap());
  for (const std::string& argument : functions) {
    const auto [name, program] = name_and_value("--function", argument);
    service.add(function_of(arguments, name, program, unpacked));
  }

  auto acceptor = emulator::listen_on(context, arguments.host, static_cast<std::uint16_t>(arguments.port));
  const std::string address = emulator::address_of(acceptor);
  emulator::InvokeFace face(service);
  const emulator::ServerLimits limits{.body_bytes = emulator::kMostEventBytes, .patience = std::chrono::seconds(60)};
  emulator::Answer answer = [&face](emulator::ServerRequest request) { return face.answer(std::move(request)); };
  emulator::asio::co_spawn(context, emulator::serve(acceptor, limits, std::move(answer)), emulator::asio::detached);

  if (!acceptor.local_endpoint().address().is_loopback()) {
    command.note(
        fmt::format("warning: {} is not the loopback interface: whoever reaches it runs these functions", address));
  }
  for (const emulator::Function* function : service.functions()) {
    command.note(
        fmt::format("aws lambda invoke --endpoint-url http://{} --function-name {} --cli-binary-format "
                    "raw-in-base64-out --payload '{{\"text\":\"hello\"}}' /dev/stdout",
                    address, function->name));
  }
  if (!arguments.ready_file.empty()) io::write_file(arguments.ready_file, "invoke " + address + "\n");

  emulator::asio::co_spawn(context, end_on_signal(context, acceptor, service), emulator::asio::detached);
  context.run();
  if (!quiet) write_summary(service.statistics());
  return command::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command(
      "textlambda-emulate", "Hosts functions as AWS Lambda does, on this machine.", kExamples,
      "Any program that speaks the Runtime API is a function. Ctrl-C ends it and all it has started.");
  Arguments arguments;
  command::Options& options = command.options();
  options
      .add_option("--function", arguments.functions,
                  "A function: its bootstrap, or its zip; repeatable [classify, ours]")
      .one_value_each()
      .option_text("NAME=FILE");
  options.add_option("-m,--model", arguments.model, "The model file, as TEXTLAMBDA_MODEL").option_text("MODEL");
  options.add_option("--host", arguments.host, "IP address to listen on [127.0.0.1]").option_text("ADDRESS");
  options.add_option("--port", arguments.port, "Port to listen on; 0: any that is free [9001]");
  options.add_option("--ready-file", arguments.ready_file, "Written once it listens: \"invoke ADDRESS:PORT\"")
      .option_text("FILE");
  options.add_option("--concurrency", arguments.concurrency, "Environments of a function at a time [10]");
  options.add_option("--memory", arguments.memory, "MB that an environment may use, 128 to 10240 [128]");
  options.add_option("--timeout", arguments.timeout, "Seconds that an invocation may take, up to 900 [3]");
  options.add_option("--env", arguments.variables, "An environment variable of every function; repeatable")
      .one_value_each()
      .option_text("NAME=VALUE");
  options.add_option("--time-scale", arguments.time_scale,
                     "What the minutes between retries of an event are multiplied with [1]");
  return command.run(argc, argv, [&] { return run(command, arguments); });
}
