#include "sagemaker/serve.h"

#include <signal.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/model/classifier.h"
#include "textlambda/sagemaker/inference.h"
#include "textlambda/sagemaker/training_job.h"
#include "textlambda/server/http_server.h"

#include "command/command.h"

namespace textlambda::command {
namespace {

using server::Awaitable;
using server::ServerRequest;
using server::ServerResponse;
using server::asio::io_context;

constexpr const char* kServeExamples =
    "  docker run --rm -p 8080:8080 -v $PWD/job:/opt/ml IMAGE serve    as SageMaker does it\n"
    "  textlambda-sagemaker serve --root job --host 127.0.0.1\n"
    "  curl -H 'content-type: text/csv' -d 'Where is my parcel?' http://127.0.0.1:8080/invocations";

// SageMaker takes no longer for an answer, and gives 30 s from SIGTERM to SIGKILL.
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::seconds kFarewell{25};

// The container's path, and that of SageMaker's own API before it: the SDKs can be pointed at this server.
bool is_invocation(std::string_view path) {
  return path == "/invocations" || (path.starts_with("/endpoints/") && path.ends_with("/invocations"));
}

// A model behind HTTP. Everything but the classifying is on the thread of `context`.
class Endpoint {
 public:
  Endpoint(io_context& context, model::Classifier classifier, unsigned threads)
      : context_(context), classifier_(std::move(classifier)), threads_(threads), pool_(threads) {}

  Awaitable<ServerResponse> answer(ServerRequest request) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (path == "/ping") co_return only_get(request, {200, {}, ""});
    if (path == "/execution-parameters") co_return only_get(request, sagemaker::execution_parameters(threads_));
    if (!is_invocation(path)) co_return sagemaker::refusal(404, "expected /invocations or /ping");
    if (request.method != "POST") co_return not_allowed("POST");
    if (request.body_too_large) {
      co_return sagemaker::refusal(413, fmt::format("the body is over {} MB", sagemaker::kMostPayload >> 20));
    }
    co_return co_await classify(std::make_shared<ServerRequest>(std::move(request)));
  }

  // A request is on its way, until what is returned goes. That may be after the endpoint itself.
  std::shared_ptr<void> begin() {
    ++work_->requests;
    return {nullptr, [work = std::weak_ptr<Work>(work_)](void*) {
              const std::shared_ptr<Work> left = work.lock();
              if (left == nullptr) return;
              --left->requests;
              left->done.notify();
            }};
  }

  // Until what has been asked is answered and sent, but no longer than that.
  Awaitable<> finish(server::Clock::duration longest) {
    const auto latest = server::Clock::now() + longest;
    while (work_->requests > 0 && server::Clock::now() < latest) co_await work_->done.wait_until(latest);
  }

 private:
  static ServerResponse not_allowed(const char* method) {
    http::Response response = sagemaker::refusal(405, std::string("expected ") + method);
    response.headers.push_back({"Allow", method});
    return response;
  }
  static ServerResponse only_get(const ServerRequest& request, http::Response response) {
    return request.method == "GET" || request.method == "HEAD" ? ServerResponse(std::move(response))
                                                               : not_allowed("GET");
  }

  // A large batch takes seconds, in which pings have to be answered.
  Awaitable<http::Response> classify(std::shared_ptr<const ServerRequest> request) {
    const auto ready = std::make_shared<server::Signal>(context_);
    const auto response = std::make_shared<http::Response>();
    server::asio::post(pool_, [this, request, response, ready] {
      try {
        *response = sagemaker::answer_invocation(classifier_, request->header("content-type"),
                                                 request->header("accept"), request->body);
      } catch (const std::exception&) {  // out of memory: this one request's fault, or nobody's
        *response = {500, {{"Content-Type", "application/json"}}, R"({"error":"out of memory"})"};
      }
      server::asio::post(context_, [ready] { ready->notify(); });
    });
    co_await ready->wait();
    co_return std::move(*response);
  }

  io_context& context_;
  const model::Classifier classifier_;
  const unsigned threads_;
  struct Work {
    explicit Work(io_context& context) : done(context) {}
    std::size_t requests = 0;  // whose heads have come, and whose answers are not sent yet
    server::Signal done;
  };
  const std::shared_ptr<Work> work_{std::make_shared<Work>(context_)};
  server::asio::thread_pool pool_;  // the first to go: its work uses what stands above
};

Awaitable<> end_on_signal(io_context& context, server::asio::ip::tcp::acceptor& acceptor, Endpoint& endpoint) {
  server::asio::signal_set signals(context, SIGINT, SIGTERM);
  boost::system::error_code ignored;
  co_await signals.async_wait(server::asio::redirect_error(server::asio::use_awaitable, ignored));
  signals.async_wait([&context](const boost::system::error_code& error, int) {
    if (!error) context.stop();
  });
  acceptor.close(ignored);
  co_await endpoint.finish(kFarewell);
  context.stop();
}

struct Arguments {
  std::string root = "/opt/ml";
  std::string host = "0.0.0.0";
  unsigned port = 8080;
  std::string ready_file;
  io::Executor executor;
};

// What SageMaker says where several containers share a machine.
void take_port_of_environment(unsigned& port) {
  const char* text = std::getenv("SAGEMAKER_BIND_TO_PORT");
  if (text == nullptr || *text == '\0') return;
  const std::string_view value(text);
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || port > 65535) {
    io::throw_usage(fmt::format("SAGEMAKER_BIND_TO_PORT: \"{}\" given, expected a port", value));
  }
}

int serve_model(const Command& command, const Arguments& arguments) {
  ::signal(SIGPIPE, SIG_IGN);
  const std::string path = sagemaker::find_model(arguments.root);
  io_context context(1);
  Endpoint endpoint(context, model::Classifier::load(path), arguments.executor.workers());
  auto acceptor = server::listen_on(context, arguments.host, static_cast<std::uint16_t>(arguments.port));
  const std::string address = server::address_of(acceptor);
  command.note(fmt::format("{} answers at http://{}/invocations", path, address));
  if (!arguments.ready_file.empty()) {
    io::write_file(arguments.ready_file, "http " + address + "\n", io::AtomicFileOptions{.durable = false});
  }
  const server::ServerLimits limits{
      .body_bytes = sagemaker::kMostPayload, .begun = [&endpoint] { return endpoint.begin(); }, .patience = kPatience};
  server::Answer answer = [&endpoint](ServerRequest request) { return endpoint.answer(std::move(request)); };
  server::asio::co_spawn(context, server::serve(acceptor, limits, std::move(answer)), server::asio::detached);
  server::asio::co_spawn(context, end_on_signal(context, acceptor, endpoint), server::asio::detached);
  context.run();
  return kDone;
}

}  // namespace

int sagemaker_serve_main(int argc, char** argv) {
  Command command("textlambda-sagemaker serve", "Serves a model over HTTP as a SageMaker endpoint.", kServeExamples);
  Arguments arguments;
  Options& options = command.options();
  options.add_option("--root", arguments.root, "The folder that has the model in its model/ [/opt/ml]")
      .option_text("DIR");
  options.add_option("--host", arguments.host, "IP address to listen on [0.0.0.0]").option_text("ADDRESS");
  options.add_option("--port", arguments.port, "Port to listen on; 0: any that is free [8080]").between(0, 65535);
  options.add_option("--ready-file", arguments.ready_file, "Written once it listens: \"http ADDRESS:PORT\"")
      .option_text("FILE");
  command.add_threads_option(arguments.executor);
  return command.run(argc, argv, [&] {
    if (options.count("--port") == 0) take_port_of_environment(arguments.port);
    return serve_model(command, arguments);
  });
}

}  // namespace textlambda::command
