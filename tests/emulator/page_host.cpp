// Serves the emulator's page over invocations that are made up, and functions that are answered here: what the page's
// tests in a browser run against beside the emulator itself, with names and answers that no function there could have.
// Usage: page_host READY_FILE; ends on SIGTERM.
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/emulator/billing.h"
#include "textlambda/emulator/browser_guard.h"
#include "textlambda/emulator/invoke_face.h"
#include "textlambda/emulator/page_face.h"
#include "textlambda/emulator/recent_log.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/atomic_file.h"

namespace {

using namespace textlambda;
using namespace textlambda::emulator;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr const char* kHostile = "<script>globalThis.__planted = 1</script>";

class MadeUp {
 public:
  MadeUp()
      : face_(
            history_, [this] { return functions(); }, [this] { return log_.text(); }) {
    for (int i = 0; i < 4; ++i) history_.environment_started("classify");
    for (int i = 0; i < 150; ++i) add_one(i);
    InvocationRecord throttled;
    throttled.function = "classify";
    throttled.request_id = id(1000);
    throttled.began = now_;
    throttled.outcome = InvocationOutcome::throttled;
    throttled.error_type = "TooManyRequestsException";
    history_.ended(throttled);
    history_.environment_ended("classify", EnvironmentEnd::timed_out);
    InvocationRecord hostile = record(kHostile, milliseconds(4), 1001);
    hostile.outcome = InvocationOutcome::function_error;
    hostile.error_type = "<img src=x onerror=\"globalThis.__planted = 2\"> שלום";
    hostile.version = "<b>7</b>";
    finish(hostile);
    log_.add("<script>globalThis.__planted = 3</script>\n\xFF is no UTF-8\n");
  }

  http::Response answer(const ServerRequest& request) {
    if (PageFace::owns(request.target)) return face_.answer(request);
    if (const std::string refusal = browser_refusal(request); !refusal.empty()) return refused_browser(refusal);
    return invoke(request);
  }

 private:
  static std::string id(int number) { return "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + number); }

  InvocationRecord record(const std::string& function, nanoseconds duration, int number) const {
    InvocationRecord made;
    made.function = function;
    made.request_id = id(number);
    made.trace_id = "Root=1-00000000-000000000000000000000000";
    made.began = now_;
    made.duration = duration;
    made.billed = billed_duration(duration, {});
    made.memory_mb = 512;
    made.peak_bytes = 34U << 20;
    made.event_bytes = 120;
    made.answer_bytes = 300;
    return made;
  }

  void finish(const InvocationRecord& made) {
    history_.began(made.function);
    history_.ended(made);
    log_.add("START RequestId: " + made.request_id + " Version: $LATEST\nEND RequestId: " + made.request_id + "\n");
  }

  // Durations as real ones lie: most close together, some long, a cold one now and then.
  void add_one(int i) {
    InvocationRecord made = record(i % 3 == 0 ? "probe" : "classify", microseconds(400 + 37 * (i * i % 29)), i);
    if (i % 17 == 0) made.duration *= 12;
    if (i % 40 == 0) {
      made.cold = true;
      made.init = microseconds(6'100 + 90 * i);
    }
    if (i == 77) {
      made.outcome = InvocationOutcome::timed_out;
      made.error_type = "Sandbox.Timedout";
      made.duration = milliseconds(3000);
    }
    if (i % 50 == 49) made.kind = InvocationKind::event;
    made.billed = billed_duration(made.duration, made.init);
    made.began += milliseconds(20 * i);
    finish(made);
  }

  std::string functions() const {
    std::vector<ShownFunction> all(3);
    all[0].name = "classify";
    all[1].name = "probe";
    all[2].name = kHostile;
    for (ShownFunction& function : all) {
      function.handler = "bootstrap";
      function.memory_mb = 512;
      function.timeout = std::chrono::seconds(3);
      function.concurrency = 10;
    }
    all[0].aliases = {"live", "1"};
    for (const char* const state : {"idle", "busy", "starting"}) {
      all[0].environments.push_back(
          {std::string("2026/11/03/[$LATEST]") + state, state, std::chrono::seconds(75), 31, 34U << 20});
    }
    return functions_json(all);
  }

  // As tests/emulator/probe.py answers: the event, or an error where it says so.
  http::Response invoke(const ServerRequest& request) {
    http::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = {}};
    const auto refuse = [&](unsigned status, const char* type) {
      response.status = status;
      response.headers.push_back({"x-amzn-ErrorType", type});
      response.body = R"({"Type":"User","message":"as it is"})";
      return response;
    };
    const std::string begin = "/2015-03-31/functions/";
    const std::string path = request.target.substr(0, request.target.find('?'));
    const std::size_t end = path.rfind("/invocations");
    if (request.method != "POST" || !path.starts_with(begin) || end == std::string::npos) {
      return refuse(501, "NotImplementedException");
    }
    const std::string name = encoding::percent_decoded(path.substr(begin.size(), end - begin.size()));
    const auto event = nlohmann::json::parse(request.body.empty() ? "{}" : request.body, nullptr, false);
    if (event.is_discarded()) return refuse(400, "InvalidRequestContentException");
    const std::string type(request.header("X-Amz-Invocation-Type"));
    response.status = type == "Event" ? 202 : type == "DryRun" ? 204 : 200;
    InvocationRecord made = record(name, microseconds(1'234), ++invoked_ + 2000);
    response.headers.push_back({"x-amzn-RequestId", made.request_id});
    if (type == "DryRun") return response;
    made.began = std::chrono::system_clock::now();
    const bool fails = event.is_object() && event.value("do", "") == "error";
    if (fails) {
      made.outcome = InvocationOutcome::function_error;
      made.error_type = "Told";
    }
    finish(made);
    if (type == "Event") return response;
    response.body = fails ? R"({"errorMessage":"told","errorType":"Told","trace":["as","is"]})"
                          : nlohmann::json({{"event", event}, {"count", invoked_}}).dump();
    if (fails) response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
    response.headers.push_back({"X-Amz-Log-Result", encoding::encode_base64("START RequestId: " + made.request_id +
                                                                            "\n" + request.body + "\n")});
    return response;
  }

  const std::chrono::system_clock::time_point now_ = std::chrono::system_clock::now();
  InvocationHistory history_{now_};
  RecentLog log_;
  PageFace face_;
  int invoked_ = 0;
};

Awaitable<> end_on_signal(asio::io_context& context) {
  asio::signal_set signals(context, SIGINT, SIGTERM);
  boost::system::error_code ignored;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  context.stop();
}

Awaitable<ServerResponse> answered(MadeUp& made_up, ServerRequest request) {
  http::Response response = made_up.answer(request);
  co_return response;
}

int run(const std::string& ready_file) {
  asio::io_context context(1);
  MadeUp made_up;
  auto acceptor = listen_on(context, "127.0.0.1", 0);
  Answer answer = [&made_up](ServerRequest request) { return answered(made_up, std::move(request)); };
  asio::co_spawn(context, serve(acceptor, {.body_bytes = kMostEventBytes}, std::move(answer)), asio::detached);
  asio::co_spawn(context, end_on_signal(context), asio::detached);
  io::write_file(ready_file, "invoke " + address_of(acceptor) + "\n");
  context.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: page_host READY_FILE\n";
    return 2;
  }
  try {
    return run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 70;
  }
}
