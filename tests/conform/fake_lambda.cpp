#include "tests/conform/fake_lambda.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "textlambda/archive/zip_reader.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/encoding/sha256.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

constexpr const char* kArn = "arn:aws:lambda:us-east-1:123456789012:function:";
constexpr long kTimeoutMs = 3000;
constexpr std::size_t kConcurrency = 4;

http::Response json_answer(unsigned status, const Json& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = body.is_null() ? "" : body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

http::Response error_answer(unsigned status, const std::string& type, const Json& body) {
  http::Response response = json_answer(status, body);
  response.headers.push_back({"x-amzn-ErrorType", type});
  return response;
}

http::Response user_fault(unsigned status, const std::string& type, const std::string& message) {
  return error_answer(status, type, {{"Type", "User"}, {"message", message}});
}
http::Response invalid(const std::string& message) {
  return error_answer(400, "ValidationException", {{"message", message}});
}
http::Response missing_function(const std::string& name, const std::string& qualifier) {
  return error_answer(
      404, "ResourceNotFoundException",
      {{"Type", "User"},
       {"Message", "Function not found: " + (kArn + name) + (qualifier.empty() ? "" : ":" + qualifier)}});
}
http::Response missing(const std::string& message) {
  return error_answer(404, "ResourceNotFoundException", {{"Type", "User"}, {"Message", message}});
}

bool send_bytes(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Reads until `done` finds its end in `pending`; npos where the connection ends before.
template <typename Done>
std::size_t read_until(int fd, std::string& pending, const Done& done) {
  while (true) {
    if (const std::size_t end = done(); end != std::string::npos) return end;
    std::string part(std::size_t{1} << 16, '\0');
    const ssize_t count = ::recv(fd, part.data(), part.size(), 0);
    if (count <= 0) return std::string::npos;
    pending.append(part, 0, static_cast<std::size_t>(count));
  }
}

bool read_chunks(int fd, std::string& pending, std::string& body) {
  while (true) {
    const std::size_t line = read_until(fd, pending, [&] { return pending.find("\r\n"); });
    if (line == std::string::npos) return false;
    const std::size_t size = std::stoul(pending.substr(0, line), nullptr, 16);
    const std::size_t whole = line + 2 + size + 2;
    if (read_until(fd, pending, [&] { return pending.size() >= whole ? whole : std::string::npos; }) ==
        std::string::npos)
      return false;
    body += pending.substr(line + 2, size);
    pending.erase(0, whole);
    if (size == 0) return true;
  }
}

// False at the end of the connection.
bool read_fake_request(int fd, std::string& pending, FakeRequest& request) {
  const std::size_t head = read_until(fd, pending, [&] { return pending.find("\r\n\r\n"); });
  if (head == std::string::npos) return false;
  std::string lines = pending.substr(0, head + 2);
  pending.erase(0, head + 4);
  const std::size_t first = lines.find("\r\n");
  const std::size_t space = lines.find(' ');
  request = {};
  request.method = lines.substr(0, space);
  request.target = lines.substr(space + 1, lines.find(' ', space + 1) - space - 1);
  for (std::size_t at = first + 2; at < lines.size();) {
    const std::size_t end = lines.find("\r\n", at);
    const std::size_t colon = lines.find(": ", at);
    request.headers.push_back({lines.substr(at, colon - at), lines.substr(colon + 2, end - colon - 2)});
    at = end + 2;
  }
  if (request.header("Expect") == "100-continue" && !send_bytes(fd, "HTTP/1.1 100 Continue\r\n\r\n")) return false;
  if (request.header("Transfer-Encoding") == "chunked") return read_chunks(fd, pending, request.body);
  const std::string length = request.header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  if (read_until(fd, pending, [&] { return pending.size() >= size ? size : std::string::npos; }) == std::string::npos)
    return false;
  request.body = pending.substr(0, size);
  pending.erase(0, size);
  return true;
}

std::uint32_t fnv(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

std::string four_bytes(std::uint32_t number) {
  return {static_cast<char>(number >> 24U), static_cast<char>(number >> 16U), static_cast<char>(number >> 8U),
          static_cast<char>(number)};
}

std::uint32_t zlib_crc(const std::string& bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// A message of an event stream; the checksums are zlib's.
std::string event_message(const std::string& type, const std::string& payload) {
  std::string headers;
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{":event-type", type}, {":message-type", "event"}}) {
    headers +=
        static_cast<char>(name.size()) + name + '\x07' + std::string(1, '\0') + static_cast<char>(value.size()) + value;
  }
  std::string message = four_bytes(static_cast<std::uint32_t>(16 + headers.size() + payload.size())) +
                        four_bytes(static_cast<std::uint32_t>(headers.size()));
  message += four_bytes(zlib_crc(message));
  message += headers + payload;
  return message + four_bytes(zlib_crc(message));
}

std::string marker_of(const Json& zip_file) {
  std::string bytes;
  if (!zip_file.is_string() || !encoding::decode_base64(zip_file.get<std::string>(), bytes).empty()) return "";
  if (!archive::is_zip(bytes)) return "";
  archive::ZipReader reader(bytes, "zip");
  while (const std::optional<archive::ZipEntry> entry = reader.next()) {
    if (entry->path == "marker.txt") return entry->content;
  }
  return "";
}

std::string query_value(const std::string& query, const std::string& name) {
  const auto fields = encoding::form_fields(query);
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

}  // namespace

FakeLambda::FakeLambda(Spoil spoil, std::set<std::string> faults, std::string queue)
    : spoil_(std::move(spoil)), faults_(std::move(faults)), queue_(std::move(queue)) {
  functions_["probe"].versions["$LATEST"] = {
      "", {{"Timeout", 3}, {"MemorySize", 128}, {"Environment", {{"Variables", Json::object()}}}}};
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, any, length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, any, &length) != 0) {
    throw std::runtime_error("no port on the loopback interface");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FakeLambda::~FakeLambda() {
  leave();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
}

void FakeLambda::leave() {
  if (!ending_.exchange(true)) ::shutdown(listener_, SHUT_RDWR);
}

void FakeLambda::accept_all() {
  while (!ending_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const std::lock_guard lock(mutex_);
    open_.insert(fd);
    connections_.emplace_back([this, fd] { serve(fd); });
  }
}

void FakeLambda::serve(int fd) {
  std::string pending;
  FakeRequest request;
  while (read_fake_request(fd, pending, request)) {
    http::Response response = respond(request);
    if (spoil_) spoil_(request, response);
    std::string bytes = fmt::format("HTTP/1.1 {} X\r\n", response.status);
    for (const http::Header& header : response.headers) bytes += header.name + ": " + header.value + "\r\n";
    if (response.status != 204) bytes += fmt::format("Content-Length: {}\r\n", response.body.size());
    bytes += "\r\n";
    if (request.method != "HEAD") bytes += response.body;
    if (!send_bytes(fd, bytes) || faulty("closes")) break;
  }
  const std::lock_guard lock(mutex_);
  open_.erase(fd);
  ::close(fd);
}

http::Response FakeLambda::respond(const FakeRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string query = path.size() < request.target.size() ? request.target.substr(path.size() + 1) : "";
  constexpr std::string_view kPrefix = "/2015-03-31/functions/";
  constexpr std::string_view kInvocations = "/invocations";
  if (path.starts_with(kPrefix) && path.ends_with(kInvocations)) {
    if (request.method != "POST") return error_answer(405, "MethodNotAllowed", {{"message", "no"}});
    const std::string segment = path.substr(kPrefix.size(), path.size() - kPrefix.size() - kInvocations.size());
    return invoke(request, encoding::percent_decoded(segment), query);
  }
  constexpr std::string_view kStreaming = "/2021-11-15/functions/";
  constexpr std::string_view kStreamed = "/response-streaming-invocations";
  if (path.starts_with(kStreaming) && path.ends_with(kStreamed)) {
    const std::string name = path.substr(kStreaming.size(), path.size() - kStreaming.size() - kStreamed.size());
    http::Response response = invoke(request, name, "");
    if (response.status != 200) return response;
    const std::size_t half = response.body.size() / 2;
    response.body = event_message("PayloadChunk", response.body.substr(0, half)) +
                    event_message("PayloadChunk", response.body.substr(half)) + event_message("InvokeComplete", "{}");
    return response;
  }
  const std::lock_guard lock(mutex_);
  return manage(request, path, query);
}

http::Response FakeLambda::invoke(const FakeRequest& request, const std::string& segment, const std::string& query) {
  std::string request_id;
  {
    const std::lock_guard lock(mutex_);
    request_id = fmt::format("00000000-0000-4000-8000-{:012x}", ++numbers_);
  }
  const auto named = [&](http::Response response) {
    response.headers.push_back({"x-amzn-RequestId", request_id});
    response.headers.push_back({"X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"});
    return response;
  };
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= segment.size();) {
    const std::size_t end = std::min(segment.find(':', begin), segment.size());
    parts.push_back(segment.substr(begin, end - begin));
    begin = end + 1;
  }
  std::size_t at = 0;
  if (parts.size() >= 7 && parts[0] == "arn") at = 6;
  if (at == 0 && parts.size() >= 3 && parts[1] == "function") at = 2;
  if (segment.find('@') != std::string::npos || parts.size() > at + 2) return named(invalid("no name"));
  const std::string& name = parts[at];
  std::string qualifier = parts.size() > at + 1 ? parts[at + 1] : "";
  const std::string asked = query_value(query, "Qualifier");
  if (!qualifier.empty() && !asked.empty() && asked != qualifier) {
    return named(user_fault(400, "InvalidParameterValueException", "The derived qualifier does not match"));
  }
  if (!asked.empty()) qualifier = asked;
  std::string version = qualifier.empty() ? "$LATEST" : qualifier;
  {
    const std::lock_guard lock(mutex_);
    const auto found = functions_.find(name);
    if (found == functions_.end()) return named(missing_function(name, qualifier));
    if (const auto alias = found->second.aliases.find(version); alias != found->second.aliases.end()) {
      version = alias->second["FunctionVersion"].get<std::string>();
      const Json& weights =
          alias->second.value("RoutingConfig", Json::object()).value("AdditionalVersionWeights", Json::object());
      if (!weights.empty() && ++weighted_ % 2 == 0) version = weights.begin().key();
    }
    if (!found->second.versions.contains(version)) return named(missing_function(name, qualifier));
  }
  const std::string type = request.header("X-Amz-Invocation-Type");
  if (!type.empty() && type != "Event" && type != "DryRun" && type != "RequestResponse")
    return named(invalid("no type"));
  const std::size_t limit = type == "Event" ? 1048576 : 6291456;
  if (request.body.size() > limit) {
    return named(
        user_fault(413, "RequestEntityTooLargeException",
                   fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", limit)));
  }
  if (!request.body.empty() && !Json::accept(request.body)) {
    return named(user_fault(400, "InvalidRequestContentException", "Could not parse request body into json: no"));
  }
  std::string context = request.header("X-Amz-Client-Context");
  if (!context.empty()) {
    std::string decoded;
    if (!encoding::decode_base64(context, decoded).empty() || !Json::accept(decoded)) {
      return named(user_fault(400, "InvalidRequestContentException", "Client context must be JSON"));
    }
  }
  if (type == "DryRun") return named({.status = 204, .headers = {}, .body = {}});
  http::Response response = run(request, name, qualifier, version, request_id);
  if (type == "Event") return named({.status = 202, .headers = {}, .body = {}});
  return named(std::move(response));
}

std::shared_ptr<FakeLambda::Environment> FakeLambda::take(const std::string& function) {
  std::size_t busy = 0;
  // The one that was made last is the warmest.
  std::shared_ptr<Environment> idle;
  for (const std::shared_ptr<Environment>& environment : environments_) {
    if (environment->gone || environment->function != function) continue;
    if (!environment->busy) idle = environment;
    busy += environment->busy ? 1 : 0;
  }
  if (idle != nullptr && !faulty("always cold")) return idle;
  if (busy >= kConcurrency) return nullptr;
  auto fresh = std::make_shared<Environment>();
  ++numbers_;
  fresh->instance = fmt::format("{:x}-{:016x}", 4096 + numbers_, numbers_ * 7919);
  fresh->function = function;
  environments_.push_back(fresh);
  return fresh;
}

http::Response FakeLambda::run(const FakeRequest& request, const std::string& name, const std::string& qualifier,
                               const std::string& version, const std::string& request_id) {
  const std::string event_text = request.body.empty() ? "{}" : request.body;
  const Json event = Json::parse(event_text);
  std::shared_ptr<Environment> environment;
  Json settings;
  std::string marker;
  {
    const std::lock_guard lock(mutex_);
    const Function& function = functions_[name];
    const Code& code = function.versions.at(version);
    settings = code.configuration;
    marker = code.marker;
    if (function.reserved != Json(0)) environment = take(name + ":" + version + ":" + settings.dump() + marker);
    if (environment == nullptr) {
      return error_answer(429, "TooManyRequestsException",
                          {{"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"},
                           {"Type", "User"},
                           {"message", "Rate Exceeded."}});
    }
    environment->busy = true;
    ++environment->count;
  }
  const Json& variables = settings["Environment"]["Variables"];
  const long memory = settings["MemorySize"].get<long>();
  std::string log = fmt::format("START RequestId: {} Version: {}\n", request_id, version);
  std::string body;
  bool error = false;
  bool timed_out = false;
  double used_mb = 12;
  double taken_ms = 1.25;
  const auto number = [&](const char* key, double otherwise) {
    return event.is_object() && event.contains(key) ? event[key].get<double>() : otherwise;
  };
  const auto text = [&](const char* key) {
    return event.is_object() && event.contains(key) ? event[key].get<std::string>() : std::string();
  };
  const auto fail = [&](const std::string& type, const std::string& message) {
    error = true;
    body =
        Json{{"errorType", type}, {"errorMessage", fmt::format("RequestId: {} Error: {}", request_id, message)}}.dump();
  };
  const auto end_process = [&] {
    const std::lock_guard lock(mutex_);
    environment->gone = !faulty("survives");
    if (timed_out && faulty("loses tmp")) files_.clear();
  };
  const auto crash = [&](const std::string& reason) {
    log += "conform instance " + environment->instance + "\n";
    fail("Runtime.ExitError", reason);
    end_process();
  };
  const auto remember = [&](Json told) {
    const std::lock_guard lock(mutex_);
    environment->remembered[text("mark")] = std::move(told);
  };
  const auto sleep = [&](double ms) {
    if (ms > kTimeoutMs) {
      timed_out = true;
      taken_ms = kTimeoutMs;
      fail("Sandbox.Timedout", "Task timed out after 3.00 seconds");
      end_process();
      return;
    }
    taken_ms += ms;
    std::this_thread::sleep_for(std::chrono::microseconds(static_cast<long>(ms * 100)));
  };
  const std::string arn = kArn + name + (qualifier.empty() || qualifier == "$LATEST" ? "" : ":" + qualifier);
  const std::string what = event.is_object() && event.contains("probe") ? event["probe"].get<std::string>() : "echo";
  const Json refusal = {{"errorMessage", "no"}, {"errorType", "InvalidStateTransition"}};
  if (variables.contains("PROBE_INIT")) {
    error = true;
    body = R"({"errorMessage":"told at the start","errorType":"Probe.InitError","stackTrace":[]})";
  } else if (what == "ping") {
    body = Json{{"textlambda_conform", 1},
                {"kind", "bootstrap"},
                {"instance", environment->instance},
                {"memory_mb", memory},
                {"remaining_ms", kTimeoutMs - 2},
                {"function_arn", arn},
                {"marker", marker},
                {"variable", variables.value("PROBE_VARIABLE", Json())}}
               .dump();
  } else if (what == "measure") {
    body = Json{{"bytes", event_text.size()}, {"checksum", fnv(event_text)}}.dump();
  } else if (what == "null") {
    body = "null";
  } else if (what == "state") {
    const std::lock_guard lock(mutex_);
    if (const std::string mark = text("mark"); !mark.empty()) environment->remembered.emplace(mark, true);
    deliver(*environment);
    body = Json{{"count", environment->count},
                {"instance", environment->instance},
                {"remembered", environment->remembered},
                {"last_response", environment->last_response}}
               .dump();
  } else if (what == "headers") {
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    Json headers = {{"content-type", "application/json"},
                    {"lambda-runtime-aws-request-id", request_id},
                    {"lambda-runtime-deadline-ms", std::to_string(now + kTimeoutMs)},
                    {"lambda-runtime-invoked-function-arn", arn},
                    {"lambda-runtime-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"}};
    std::string context;
    encoding::decode_base64(request.header("X-Amz-Client-Context"), context);
    if (!context.empty()) headers["lambda-runtime-client-context"] = context;
    if (const std::string tenant = request.header("X-Amz-Tenant-Id"); !tenant.empty())
      headers["lambda-runtime-aws-tenant-id"] = tenant;
    body = Json{{"headers", headers}, {"received_ms", now}, {"status", 200}}.dump();
  } else if (what == "environment") {
    const Json there = {{"AWS_LAMBDA_FUNCTION_NAME", name},
                        {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
                        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
                        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name},
                        {"AWS_LAMBDA_LOG_STREAM_NAME", "s"},
                        {"AWS_REGION", "us-east-1"},
                        {"AWS_DEFAULT_REGION", "us-east-1"},
                        {"LAMBDA_TASK_ROOT", "/var/task"},
                        {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
                        {"PATH", "/usr/bin"},
                        {"LD_LIBRARY_PATH", "/lib64"},
                        {"_HANDLER", "bootstrap"},
                        {"TZ", ":UTC"},
                        {"LANG", "en_US.UTF-8"},
                        {"AWS_ACCESS_KEY_ID", "(set)"},
                        {"AWS_SECRET_ACCESS_KEY", "(set)"},
                        {"AWS_SESSION_TOKEN", "(set)"},
                        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                        {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"}};
    body = Json{{"variables", there}, {"cwd", "/var/task"}, {"tmp_writable", true}}.dump();
  } else if (what == "print") {
    for (long left = static_cast<long>(number("times", 1)); left > 0; --left) log += text("text");
    body = Json{{"printed", 1}, {"count", environment->count}}.dump();
  } else if (what == "tmp_write") {
    const std::lock_guard lock(mutex_);
    files_[text("name")] = text("text");
    body = R"({"written":true})";
  } else if (what == "tmp_read") {
    const std::lock_guard lock(mutex_);
    body = Json{{"text", files_.contains(text("name")) ? Json(files_[text("name")]) : Json()}}.dump();
  } else if (what == "sleep") {
    const auto now = static_cast<double>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
    if (number("announce", 0) != 0) log += "conform instance " + environment->instance + "\n";
    sleep(number("sleep_ms", 0));
    if (!error)
      body = Json{
          {"begin_ms", now},
          {"end_ms", now + number("sleep_ms", 0) / 10},
          {"instance", environment->instance},
          {"mark",
           ""}}.dump();
  } else if (what == "error") {
    error = true;
    body = text("body").empty() ? R"({"errorMessage":"told","errorType":"ProbeError","stackTrace":[]})" : text("body");
  } else if (what == "exit") {
    const long status = static_cast<long>(number("status", 1));
    crash(status == 0 ? "Runtime exited without providing a reason"
                      : fmt::format("Runtime exited with error: exit status {}", status));
  } else if (what == "signal") {
    crash("Runtime exited with error: signal: killed");
  } else if (what == "memory") {
    used_mb += number("mb", 0);
    if (used_mb > static_cast<double>(memory)) {
      crash("Runtime exited with error: signal: killed");
    } else {
      body = Json{{"allocated_mb", number("mb", 0)}}.dump();
    }
  } else if (what == "large") {
    const auto bytes = static_cast<std::size_t>(number("bytes", 2));
    if (bytes > 6291556) {
      error = true;
      body =
          R"({"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"})";
      remember({{"status", 413},
                {"body",
                 {{"errorMessage", "Exceeded maximum allowed payload size (6291556 bytes)."},
                  {"errorType", "RequestEntityTooLarge"}}}});
    } else {
      body = "\"" + std::string(bytes - 2, 'x') + "\"";
    }
  } else if (what == "answer_twice") {
    remember({{"status", 403}, {"body", refusal}});
    body = "\"first\"";
  } else if (what == "wrong_id") {
    body = Json{{"wrong_id", {{"status", 400}, {"body", {{"errorMessage", "no"}, {"errorType", "InvalidRequestID"}}}}}}
               .dump();
  } else if (what == "late_init_error") {
    body = Json{{"late_init_error", {{"status", 403}, {"body", refusal}}}}.dump();
  } else if (what == "unknown_path") {
    body = R"({"unknown_path":{"status":404,"body":""}})";
  } else {
    body = "{\"echo\":" + event_text + "}";
  }
  {
    const std::lock_guard lock(mutex_);
    environment->last_response = {{"status", 202}, {"body", {{"status", "OK"}}}};
  }
  if (what == "state") sleep(number("sleep_ms", 0));
  const bool cold = environment->count == 1;
  log += fmt::format(
      "END RequestId: {0}\nREPORT RequestId: {0}\tDuration: {1:.2f} ms\tBilled Duration: {2} ms\tMemory Size: {3} "
      "MB\tMax Memory Used: {4} MB{5}\t{6}\n",
      request_id, taken_ms, static_cast<long>(std::ceil(taken_ms + (cold ? 9.5 : 0))), memory,
      static_cast<long>(used_mb), cold ? "\tInit Duration: 9.50 ms" : "", timed_out ? "Status: timeout" : "");
  http::Response response{.status = 200,
                          .headers = {{"Content-Type", "application/json"}, {"X-Amz-Executed-Version", version}},
                          .body = body};
  if (error) response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
  if (request.header("X-Amz-Log-Type") == "Tail") {
    response.headers.push_back(
        {"X-Amz-Log-Result", encoding::encode_base64(log.substr(log.size() > 4096 ? log.size() - 4096 : 0))});
  }
  if (const std::string tenant = request.header("X-Amz-Tenant-Id"); !tenant.empty())
    response.headers.push_back({"X-Amz-Tenant-Id", tenant});
  const std::lock_guard lock(mutex_);
  environment->busy = false;
  return response;
}

// What one environment would know of the queue's messages, the first of all that asks.
void FakeLambda::deliver(Environment& environment) {
  if (queue_.empty() || faulty("delivers nothing")) return;
  const bool first = std::all_of(environments_.begin(), environments_.end(), [&](const auto& other) {
    return other.get() == &environment || other->gone || other->instance > environment.instance;
  });
  std::ifstream lines(queue_);
  for (std::string line; first && std::getline(lines, line);) {
    const Json told = Json::parse(line)["conform"];
    const bool again =
        (told.contains("fail") || told.contains("answer") || faulty("delivers all again")) && !faulty("delivers once");
    environment.remembered[told["mark"].get<std::string>()] = again ? 2 : 1;
  }
}

Json FakeLambda::configuration(const std::string& name, const std::string& version, const std::string& qualifier) {
  Json told = functions_[name].versions.at(version).configuration;
  told["FunctionName"] = name;
  told["FunctionArn"] = kArn + name + (qualifier.empty() ? "" : ":" + qualifier);
  told["Version"] = version;
  told["PackageType"] = "Zip";
  told["State"] = "Active";
  told["LastUpdateStatus"] = "Successful";
  return told;
}

http::Response FakeLambda::manage(const FakeRequest& request, const std::string& path, const std::string& query) {
  if (path.starts_with("/2015-03-31/event-source-mappings/")) {
    return manage_mapping(request, path.substr(std::string_view("/2015-03-31/event-source-mappings/").size()));
  }
  const std::size_t functions = path.find("/functions");
  if (functions == std::string::npos) return error_answer(404, "UnknownOperationException", {{"message", "no"}});
  const std::string rest = path.substr(std::min(path.size(), functions + std::string_view("/functions/").size()));
  const Json given = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  if (rest.empty() && request.method == "POST") {
    const std::string name = given.value("FunctionName", "");
    if (name.size() > 64) return invalid("Member must have length less than or equal to 64");
    if (functions_.contains(name))
      return user_fault(409, "ResourceConflictException", "Function already exist: " + name);
    const std::string marker = marker_of(given["Code"]["ZipFile"]);
    if (marker.empty()) return user_fault(400, "InvalidParameterValueException", "Could not unzip uploaded file.");
    std::string zip;
    encoding::decode_base64(given["Code"]["ZipFile"].get<std::string>(), zip);
    Json configuration = {{"Runtime", given["Runtime"]},
                          {"Role", given["Role"]},
                          {"Handler", given["Handler"]},
                          {"Timeout", given["Timeout"]},
                          {"MemorySize", given["MemorySize"]},
                          {"Architectures", given["Architectures"]},
                          {"Environment", given["Environment"]},
                          {"RevisionId", "00000000-0000-4000-8000-000000000001"},
                          {"CodeSize", zip.size()},
                          {"CodeSha256", encoding::sha256_base64(zip)}};
    functions_[name].versions["$LATEST"] = {marker, configuration};
    return json_answer(201, this->configuration(name, "$LATEST", ""));
  }
  if (rest.empty()) {
    Json listed = Json::array();
    for (const auto& [name, function] : functions_) listed.push_back(configuration(name, "$LATEST", ""));
    return json_answer(200, {{"Functions", listed}});
  }
  const std::string segment = encoding::percent_decoded(rest.substr(0, rest.find('/')));
  const std::string name = segment.substr(segment.rfind(':') == std::string::npos ? 0 : segment.rfind(':') + 1);
  const std::string below = rest.find('/') == std::string::npos ? "" : rest.substr(rest.find('/'));
  const auto found = functions_.find(name);
  if (found == functions_.end()) return missing_function(name, "$LATEST");
  Function& function = found->second;
  Code& latest = function.versions["$LATEST"];
  if (below.empty() && request.method == "GET") {
    return json_answer(200, {{"Configuration", configuration(name, "$LATEST", "")},
                             {"Code", {{"Location", "http://x/"}, {"RepositoryType", "S3"}}}});
  }
  if (below.empty() && request.method == "DELETE") {
    const std::string qualifier = query_value(query, "Qualifier");
    if (qualifier.empty()) {
      functions_.erase(found);
    } else {
      function.versions.erase(qualifier);
    }
    return {.status = 204, .headers = {}, .body = {}};
  }
  if (below == "/configuration" && request.method == "GET") return json_answer(200, configuration(name, "$LATEST", ""));
  if (below == "/configuration" && request.method == "PUT") {
    if (given.contains("RevisionId"))
      return user_fault(412, "PreconditionFailedException", "The Revision Id provided does not match");
    if (given.value("MemorySize", 128) < 128) return invalid("Member must have value greater than or equal to 128");
    latest.configuration.update(given);
    return json_answer(200, configuration(name, "$LATEST", ""));
  }
  if (below == "/code") {
    std::string zip;
    encoding::decode_base64(given["ZipFile"].get<std::string>(), zip);
    latest.marker = marker_of(given["ZipFile"]);
    latest.configuration["CodeSha256"] = encoding::sha256_base64(zip);
    return json_answer(200, configuration(name, "$LATEST", ""));
  }
  if (below == "/versions" && request.method == "POST") {
    const std::string last = std::to_string(function.published);
    const bool same = function.published > 0 && function.versions[last].marker == latest.marker &&
                      function.versions[last].configuration == latest.configuration;
    if (!same || faulty("always publishes")) ++function.published;
    const std::string version = std::to_string(function.published);
    function.versions[version] = latest;
    return json_answer(201, configuration(name, version, version));
  }
  if (below == "/versions") {
    Json listed = Json::array();
    for (const auto& [version, code] : function.versions) listed.push_back(configuration(name, version, version));
    return json_answer(200, {{"Versions", listed}});
  }
  if (below.starts_with("/aliases"))
    return manage_alias(request, name, function, below.size() > 9 ? below.substr(9) : "");
  if (below == "/concurrency") {
    if (request.method == "PUT") function.reserved = given["ReservedConcurrentExecutions"];
    if (request.method == "DELETE") {
      function.reserved = Json();
      return {.status = 204, .headers = {}, .body = {}};
    }
    return json_answer(
        200, function.reserved.is_null() ? Json::object() : Json{{"ReservedConcurrentExecutions", function.reserved}});
  }
  if (below == "/url") {
    if (request.method == "POST") {
      if (!function.url.is_null())
        return user_fault(409, "ResourceConflictException", "FunctionUrlConfig exists for this Lambda function");
      function.url = {{"FunctionUrl", "https://x.lambda-url.us-east-1.on.aws/"},
                      {"AuthType", given["AuthType"]},
                      {"FunctionArn", kArn + name},
                      {"InvokeMode", "BUFFERED"}};
      return json_answer(201, function.url);
    }
    if (function.url.is_null()) return missing("The resource you requested does not exist.");
    if (request.method == "PUT") return invalid("Member must satisfy enum value set: [NONE, AWS_IAM]");
    if (request.method == "GET") return json_answer(200, function.url);
    function.url = Json();
    return {.status = 204, .headers = {}, .body = {}};
  }
  return error_answer(404, "UnknownOperationException", {{"message", "no"}});
}

http::Response FakeLambda::manage_alias(const FakeRequest& request, const std::string& name, Function& function,
                                        const std::string& alias) {
  const Json given = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  const auto told = [&](const std::string& which) {
    Json alias_told = function.aliases.at(which);
    alias_told["Name"] = which;
    alias_told["AliasArn"] = kArn + name + ":" + which;
    alias_told["RevisionId"] = "r";
    return alias_told;
  };
  const Json weights = given.value("RoutingConfig", Json::object()).value("AdditionalVersionWeights", Json::object());
  for (const auto& [version, weight] : weights.items()) {
    if (weight.get<double>() > 1) return invalid("Member must have value less than or equal to 1.0");
  }
  if (alias.empty() && request.method == "POST") {
    const std::string wanted = given["Name"].get<std::string>();
    if (wanted.find_first_not_of("0123456789") == std::string::npos) return invalid("(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
    if (function.aliases.contains(wanted)) return user_fault(409, "ResourceConflictException", "Alias already exists");
    if (!function.versions.contains(given["FunctionVersion"].get<std::string>()))
      return missing_function(name, "99999");
    function.aliases[wanted] = {{"FunctionVersion", given["FunctionVersion"]}};
    return json_answer(201, told(wanted));
  }
  if (alias.empty()) {
    Json listed = Json::array();
    for (const auto& [which, value] : function.aliases) listed.push_back(told(which));
    return json_answer(200, {{"Aliases", listed}});
  }
  if (!function.aliases.contains(alias)) return missing("Cannot find alias arn: " + (kArn + name) + ":" + alias);
  if (request.method == "DELETE") {
    function.aliases.erase(alias);
    return {.status = 204, .headers = {}, .body = {}};
  }
  if (request.method == "PUT")
    function.aliases[alias] = {{"FunctionVersion", given["FunctionVersion"]},
                               {"RoutingConfig", {{"AdditionalVersionWeights", weights}}}};
  return json_answer(200, told(alias));
}

http::Response FakeLambda::manage_mapping(const FakeRequest& request, const std::string& uuid) {
  const Json given = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  if (uuid.empty() && request.method == "POST") {
    Json mapping = given;
    const std::string id = "12345678-0000-4000-8000-000000000000";
    mapping["UUID"] = id;
    mapping["State"] = "Disabled";
    mapping["FunctionArn"] = kArn + given["FunctionName"].get<std::string>();
    mappings_[id] = mapping;
    return json_answer(202, mapping);
  }
  if (uuid.empty()) {
    Json listed = Json::array();
    for (const auto& [id, mapping] : mappings_) listed.push_back(mapping);
    return json_answer(200, {{"EventSourceMappings", listed}});
  }
  const auto found = mappings_.find(uuid);
  if (found == mappings_.end()) return missing("The resource you requested does not exist.");
  if (request.method == "GET") return json_answer(200, found->second);
  if (request.method == "PUT") {
    found->second.update(given);
    return json_answer(202, found->second);
  }
  Json gone = found->second;
  gone["State"] = "Deleting";
  mappings_.erase(found);
  return json_answer(202, gone);
}

}  // namespace textlambda::conform
