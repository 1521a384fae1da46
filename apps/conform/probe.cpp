// conform-probe: the function that textlambda-conform asks. A bootstrap for the runtime provided.al2023, one static
// program; it does what its event says, good or bad, and tells what it saw. docs/conform.md lists the commands;
// probe.mjs is the same for hosts that run Node.js handlers alone.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/http/client.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/json/document.h"
#include "textlambda/protocol/environment.h"
#include "textlambda/protocol/error_body.h"
#include "textlambda/protocol/runtime_api.h"

namespace textlambda {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostMarks = 1000;
constexpr std::size_t kMostAllocatedMb = 2048;

std::int64_t epoch_ms() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Names an execution environment for as long as its process lives.
std::string new_instance() {
  unsigned char bytes[8] = {};
  const int fd = ::open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::read(fd, bytes, sizeof bytes) != sizeof bytes) std::memset(bytes, 0, sizeof bytes);
  if (fd >= 0) ::close(fd);
  std::string name = std::to_string(::getpid()) + "-";
  for (const unsigned char byte : bytes) {
    name += "0123456789abcdef"[byte >> 4U];
    name += "0123456789abcdef"[byte & 15U];
  }
  return name;
}

// FNV-1a of 32 bits: enough to see that a payload came whole.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

std::string text_of(const Json& event, const char* name, const std::string& fallback = {}) {
  const std::string* const found = json::string_member(event, name);
  return found == nullptr ? fallback : *found;
}

std::int64_t number_of(const Json& event, const char* name, std::int64_t fallback) {
  const Json* const found = json::member(event, name);
  return found != nullptr && found->is_number() ? static_cast<std::int64_t>(found->get<double>()) : fallback;
}

// A file of /tmp that an event names: letters, digits and hyphens, so that it leads nowhere else.
std::string temporary_file(const Json& event) {
  const std::string name = text_of(event, "name");
  const bool fits = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
  });
  return fits ? "/tmp/textlambda-conform-" + name : "";
}

bool write_file(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return false;
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return ::close(fd) == 0 && written;
}

std::optional<std::string> read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string text(4096, '\0');
  const ssize_t count = ::read(fd, text.data(), text.size());
  ::close(fd);
  if (count < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(count));
  return text;
}

Json told(const http::Response& response) {
  const Json body = Json::parse(response.body, nullptr, false);
  return {{"status", response.status},
          {"body", body.is_discarded() ? Json(response.body.substr(0, 1000)) : body},
          {"content_type", std::string(response.header("Content-Type"))}};
}

struct Taken {
  std::string text;
  Json event;
  http::Response next;  // without its body
  protocol::InvocationHeaders headers;
  std::int64_t received_ms = 0;
};

class Probe {
 public:
  explicit Probe(const http::Endpoint& api) : api_(api), client_(api), instance_(new_instance()) {}

  // Tells of what PROBE_INIT asks for before the first event: "error" or "exit". True: the process is to end.
  bool fail_to_start() {
    const char* const wanted = ::getenv("PROBE_INIT");
    if (wanted == nullptr) return false;
    const std::string_view how = wanted;
    if (how == "error") {
      const std::string body = R"({"errorMessage":"told at the start","errorType":"Probe.InitError","stackTrace":[]})";
      client_.send(protocol::init_error_request("Probe.InitError", body));
    }
    return how == "error" || how == "exit";
  }

  [[noreturn]] void serve() {
    while (true) {
      Taken taken;
      taken.next = client_.send(protocol::next_request());
      if (taken.next.status != 200) {
        std::fprintf(stderr, "conform-probe: next was answered %u\n", taken.next.status);
        ::_exit(1);
      }
      taken.received_ms = epoch_ms();
      taken.text = std::move(taken.next.body);
      taken.headers = protocol::read_invocation_headers(taken.next);
      taken.event = Json::parse(taken.text, nullptr, false);
      ++count_;
      answer(taken);
    }
  }

 private:
  using Command = std::optional<std::string> (Probe::*)(const Taken&);

  // The answer of a command; none where it has answered itself, or is not to.
  void answer(const Taken& taken) {
    if (is_batch(taken.event)) {
      answer_batch(taken);
      return;
    }
    static const std::map<std::string, Command, std::less<>> kCommands = {
        {"ping", &Probe::ping},
        {"measure", &Probe::measure},
        {"null", &Probe::null},
        {"state", &Probe::state},
        {"sleep", &Probe::sleep},
        {"headers", &Probe::headers},
        {"environment", &Probe::environment},
        {"print", &Probe::print},
        {"tmp_write", &Probe::tmp_write},
        {"tmp_read", &Probe::tmp_read},
        {"error", &Probe::error},
        {"exit", &Probe::exit},
        {"signal", &Probe::signal},
        {"memory", &Probe::memory},
        {"large", &Probe::large},
        {"answer_twice", &Probe::answer_twice},
        {"wrong_id", &Probe::wrong_id},
        {"late_init_error", &Probe::late_init_error},
        {"unknown_path", &Probe::unknown_path},
    };
    const auto found = kCommands.find(text_of(taken.event, "probe", "echo"));
    // What has no command, or another one, is sent back byte for byte.
    const std::optional<std::string> body =
        found == kCommands.end() ? "{\"echo\":" + taken.text + "}" : (this->*found->second)(taken);
    if (body) respond(taken, *body);
  }

  http::Response respond(const Taken& taken, std::string_view body) {
    http::Response response =
        client_.send(protocol::response_request({taken.headers.request_id, taken.headers.invocation_id}, body));
    last_response_ = told(response);
    return response;
  }

  void remember(const Taken& taken, Json what) {
    const std::string mark = text_of(taken.event, "mark");
    if (mark.empty() || remembered_.size() >= kMostMarks) return;
    remembered_[mark] = std::move(what);
  }

  // Messages of a queue whose bodies say what is to become of them.
  static bool is_batch(const Json& event) {
    const Json* const records = json::member(event, "Records");
    return records != nullptr && records->is_array() && !records->empty() &&
           text_of(records->front(), "eventSource") == "aws:sqs";
  }

  // {"conform":{"mark":M,"fail":N}}: fails the first N times that it is delivered; "answer" spoils the whole answer the
  // first time: "error" or "unknown_id". How often each mark was here is remembered.
  void answer_batch(const Taken& taken) {
    Json failures = Json::array();
    std::string spoiled;
    for (const Json& record : taken.event["Records"]) {
      const Json body = Json::parse(text_of(record, "body"), nullptr, false);
      const Json* const told = json::member(body, "conform");
      if (told == nullptr) continue;
      const Json* const attributes = json::member(record, "attributes");
      const std::int64_t receives =
          std::atoll(attributes == nullptr ? "1" : text_of(*attributes, "ApproximateReceiveCount", "1").c_str());
      const std::string mark = text_of(*told, "mark");
      if (remembered_.size() < kMostMarks) {
        Json& times = remembered_[mark];
        times = times.is_number() ? times.get<std::int64_t>() + 1 : 1;
      }
      if (receives <= number_of(*told, "fail", 0))
        failures.push_back({{"itemIdentifier", text_of(record, "messageId")}});
      if (receives == 1 && spoiled.empty()) spoiled = text_of(*told, "answer");
    }
    if (spoiled == "error") {
      client_.send(protocol::error_request({taken.headers.request_id, taken.headers.invocation_id}, "ProbeError",
                                           protocol::error_body("ProbeError", "told")));
      return;
    }
    if (spoiled == "unknown_id") failures = Json::array({{{"itemIdentifier", "nobody"}}});
    respond(taken, Json{{"batchItemFailures", failures}}.dump());
  }

  void announce() { io::write_all(STDOUT_FILENO, "conform instance " + instance_ + "\n"); }

  std::optional<std::string> ping(const Taken& taken) {
    const char* const memory = ::getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
    const std::optional<std::string> marker = read_file("marker.txt");
    Json answer = {{"textlambda_conform", 1},
                   {"kind", "bootstrap"},
                   {"instance", instance_},
                   {"memory_mb", memory == nullptr ? 0 : std::atoi(memory)},
                   {"remaining_ms", taken.headers.deadline_ms - taken.received_ms},
                   {"function_arn", taken.headers.function_arn},
                   {"marker", marker ? Json(*marker) : Json()}};
    const char* const mine = ::getenv("PROBE_VARIABLE");
    answer["variable"] = mine == nullptr ? Json() : Json(mine);
    return answer.dump();
  }

  std::optional<std::string> measure(const Taken& taken) {
    return Json{{"bytes", taken.text.size()}, {"checksum", checksum(taken.text)}}.dump();
  }

  std::optional<std::string> null(const Taken&) { return "null"; }

  // What an environment knows of the calls before. "mark": what it is to know from now on.
  std::optional<std::string> state(const Taken& taken) {
    const std::string mark = text_of(taken.event, "mark");
    if (!mark.empty() && remembered_.size() < kMostMarks) remembered_.emplace(mark, Json(true));
    Json answer = {
        {"count", count_}, {"instance", instance_}, {"remembered", remembered_}, {"last_response", last_response_}};
    std::this_thread::sleep_for(std::chrono::milliseconds(number_of(taken.event, "sleep_ms", 0)));
    return answer.dump();
  }

  std::optional<std::string> sleep(const Taken& taken) {
    if (number_of(taken.event, "announce", 0) != 0) announce();
    const std::int64_t begin = epoch_ms();
    std::this_thread::sleep_for(std::chrono::milliseconds(number_of(taken.event, "sleep_ms", 0)));
    return Json{
        {"begin_ms", begin}, {"end_ms", epoch_ms()}, {"instance", instance_}, {"mark", text_of(taken.event, "mark")}}
        .dump();
  }

  std::optional<std::string> headers(const Taken& taken) {
    Json all = Json::object();
    for (const http::Header& header : taken.next.headers) {
      std::string name = header.name;
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      all[name] = header.value;
    }
    return Json{{"headers", all}, {"received_ms", taken.received_ms}, {"status", taken.next.status}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
  }

  std::optional<std::string> environment(const Taken&) {
    Json variables = Json::object();
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view pair = *entry;
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string name(pair.substr(0, equals));
      // What the function may do in its owner's name stays here: an answer ends in reports.
      const bool secret = name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY" || name == "AWS_SESSION_TOKEN";
      variables[name] = secret ? (pair.size() > equals + 1 ? "(set)" : "") : std::string(pair.substr(equals + 1));
    }
    char folder[4096] = {};
    const char* const cwd = ::getcwd(folder, sizeof folder);
    const std::string file = "/tmp/textlambda-conform-" + instance_;
    const bool writable = write_file(file, "x");
    if (writable) ::unlink(file.c_str());
    return Json{{"variables", variables}, {"cwd", cwd == nullptr ? "" : cwd}, {"tmp_writable", writable}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
  }

  std::optional<std::string> print(const Taken& taken) {
    const int fd = text_of(taken.event, "stream") == "stderr" ? STDERR_FILENO : STDOUT_FILENO;
    const std::string text = text_of(taken.event, "text");
    const std::int64_t times = std::min<std::int64_t>(number_of(taken.event, "times", 1), 100'000);
    for (std::int64_t i = 0; i < times; ++i) io::write_all(fd, text);
    return Json{{"printed", times}, {"count", count_}}.dump();
  }

  std::optional<std::string> tmp_write(const Taken& taken) {
    const std::string path = temporary_file(taken.event);
    const bool written = !path.empty() && write_file(path, text_of(taken.event, "text"));
    return Json{{"written", written}}.dump();
  }

  std::optional<std::string> tmp_read(const Taken& taken) {
    const std::string path = temporary_file(taken.event);
    const std::optional<std::string> text = path.empty() ? std::nullopt : read_file(path);
    if (text && number_of(taken.event, "remove", 0) != 0) ::unlink(path.c_str());
    return Json{{"text", text ? Json(*text) : Json()}}.dump();
  }

  // "body": the whole of what is reported. "type": the header beside it, none where it is missing.
  std::optional<std::string> error(const Taken& taken) {
    const std::string body = text_of(taken.event, "body", protocol::error_body("ProbeError", "told"));
    last_response_ = told(client_.send(protocol::error_request({taken.headers.request_id, taken.headers.invocation_id},
                                                               text_of(taken.event, "type"), body)));
    return std::nullopt;
  }

  std::optional<std::string> exit(const Taken& taken) {
    announce();
    ::_exit(static_cast<int>(number_of(taken.event, "status", 1)));
  }

  std::optional<std::string> signal(const Taken& taken) {
    announce();
    ::kill(::getpid(), static_cast<int>(number_of(taken.event, "number", SIGKILL)));
    ::pause();
    return std::nullopt;
  }

  // Takes memory that is truly used, up to "mb", and answers where nobody objects.
  std::optional<std::string> memory(const Taken& taken) {
    announce();
    constexpr std::size_t kBlockMb = 8;
    const auto wanted = static_cast<std::size_t>(
        std::clamp<std::int64_t>(number_of(taken.event, "mb", 0), 0, std::int64_t{kMostAllocatedMb}));
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t mb = 0; mb < wanted; mb += kBlockMb) {
      blocks.push_back(std::make_unique_for_overwrite<char[]>(kBlockMb << 20U));
      // Of other content in each page, so that no kernel merges or compresses them into few.
      for (std::size_t at = 0; at < (kBlockMb << 20U); at += 512) {
        const std::size_t value = at * 2654435761U + mb;
        std::memcpy(blocks.back().get() + at, &value, sizeof value);
      }
    }
    return Json{{"allocated_mb", blocks.size() * kBlockMb}, {"check", blocks.empty() ? 0 : blocks.back()[4096]}}.dump();
  }

  // An answer of exactly "bytes" bytes: a JSON string.
  std::optional<std::string> large(const Taken& taken) {
    const auto bytes = static_cast<std::size_t>(
        std::clamp<std::int64_t>(number_of(taken.event, "bytes", 2), 2, std::int64_t{64} << 20));
    try {
      remember(taken, told(respond(taken, "\"" + std::string(bytes - 2, 'x') + "\"")));
    } catch (const io::Error& error) {
      remember(taken, {{"status", 0}, {"body", error.what()}});
    }
    return std::nullopt;
  }

  std::optional<std::string> answer_twice(const Taken& taken) {
    respond(taken, "\"first\"");
    const http::Response again =
        client_.send(protocol::response_request({taken.headers.request_id, taken.headers.invocation_id}, "\"second\""));
    remember(taken, told(again));
    return std::nullopt;
  }

  std::optional<std::string> wrong_id(const Taken&) {
    const http::Response refused =
        client_.send(protocol::response_request({"00000000-0000-4000-8000-000000000000"}, "\"for nobody\""));
    return Json{{"wrong_id", told(refused)}}.dump();
  }

  std::optional<std::string> late_init_error(const Taken&) {
    const std::string body = protocol::error_body("Probe.TooLate", "the initialisation is over");
    return Json{{"late_init_error", told(client_.send(protocol::init_error_request("Probe.TooLate", body)))}}.dump();
  }

  std::optional<std::string> unknown_path(const Taken&) {
    const http::Response response = client_.send({.target = "/2018-06-01/runtime/nothing"});
    return Json{{"unknown_path", told(response)}}.dump();
  }

  http::Endpoint api_;
  http::Client client_;
  std::string instance_;
  std::int64_t count_ = 0;
  std::map<std::string, Json> remembered_;
  Json last_response_;
};

}  // namespace
}  // namespace textlambda

int main() {
  const char* const address = ::getenv(textlambda::protocol::kRuntimeApiVariable);
  if (address == nullptr) {
    std::fputs("conform-probe: AWS_LAMBDA_RUNTIME_API is not set: this is a Lambda function's bootstrap\n", stderr);
    return 2;
  }
  ::signal(SIGPIPE, SIG_IGN);
  try {
    textlambda::Probe probe(textlambda::http::parse_endpoint(address));
    if (probe.fail_to_start()) return 1;
    probe.serve();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "conform-probe: %s\n", error.what());
    return 70;
  }
}
