#include "textlambda/emulator/emulator.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/browser_guard.h"
#include "textlambda/emulator/function_json.h"
#include "textlambda/emulator/identifier.h"
#include "textlambda/emulator/proxy_answer.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/json/document.h"
#include "textlambda/signing/verification.h"
#include "textlambda/text/count.h"

namespace textlambda::emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileDestination = "file:";
constexpr std::string_view kCodePath = "/_textlambda/code/";
constexpr const char* kHttpKey = "--http";

// The Cors of a function URL's configuration. https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
FunctionUrlCors cors_of(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  FunctionUrlCors cors;
  const auto list = [&](const char* member, std::vector<std::string>& values) {
    const nlohmann::json* const found = json::member(json, member);
    if (found == nullptr || !found->is_array()) return;
    for (const nlohmann::json& value : *found) {
      if (value.is_string()) values.push_back(value.get<std::string>());
    }
  };
  cors.allow_credentials = flag_field(json, "AllowCredentials").value_or(false);
  list("AllowHeaders", cors.allow_headers);
  list("AllowMethods", cors.allow_methods);
  list("AllowOrigins", cors.allow_origins);
  list("ExposeHeaders", cors.expose_headers);
  if (const auto age = integer_field(json, "MaxAge", 0, 86400)) cors.max_age = static_cast<unsigned>(*age);
  return cors;
}

Invocation new_invocation(std::string request_id, std::string event) {
  Invocation invocation;
  invocation.request_id = std::move(request_id);
  invocation.trace_id = new_trace_id();
  invocation.event = std::move(event);
  return invocation;
}

// Of an answer that is streamed to an HTTP client; where the function failed meanwhile, it breaks off.
Awaitable<BodyPiece> next_piece(std::shared_ptr<LambdaService::Streamed> streamed) {
  BodyPiece piece = co_await streamed->stream->take();
  piece.broken = piece.last && streamed->result->outcome.function_error;
  co_return piece;
}

// Waits for what the head of the response is made of. False where all is over before, and has its result.
Awaitable<bool> begin_answer(std::shared_ptr<LambdaService::Streamed> streamed, GatewayOutcome& outcome) {
  constexpr std::size_t kMostMetadata = std::size_t{1} << 20;
  AnswerStream& stream = *streamed->stream;
  const bool begun = co_await stream.begun();
  if (!begun) co_return false;
  outcome.stream_content_type = stream.content_type();
  if (outcome.stream_content_type.empty()) outcome.stream_content_type = "application/octet-stream";
  while (!has_whole_metadata(outcome.stream_content_type, outcome.body) && outcome.body.size() < kMostMetadata) {
    const BodyPiece piece = co_await stream.take();
    if (piece.last) co_return false;
    outcome.body += piece.bytes;
  }
  co_return true;
}

// HOST:PORT, or [HOST]:PORT where the host has colons.
std::pair<std::string, std::uint16_t> host_and_port(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(colon == std::string::npos ? end : text.data() + colon + 1, end, port);
  if (error != std::errc() || read != end || port > 65535) {
    io::throw_usage(text + ": expected HOST:PORT, such as 127.0.0.1:8080");
  }
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(port)};
}

// One line, whole: a single write to a file that is only appended to.
void append_line(const std::string& path, const std::string& line) {
  const io::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) io::throw_system("cannot open", path, errno);
  const std::string whole = line + "\n";
  std::size_t written = 0;
  while (written < whole.size()) {
    const ssize_t size = ::write(file.get(), whole.data() + written, whole.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) io::throw_system("cannot write", path, errno);
    written += static_cast<std::size_t>(size);
  }
}

// The name at the end of an ARN of a queue, a topic or a bus.
std::string last_part(const std::string& arn) {
  const std::size_t colon = arn.find_last_of(":/");
  return colon == std::string::npos ? arn : arn.substr(colon + 1);
}

bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() <= 200 && name.find('/') == std::string::npos && name[0] != '.';
}

// What its environments are made of.
std::vector<std::string> watched_files(const FunctionSpec& spec) {
  const auto model = spec.environment.find("TEXTLAMBDA_MODEL");
  return {spec.file, model == spec.environment.end() ? std::string() : model->second};
}

ManagementSettings management_settings(const EmulatorSettings& settings, const std::string& address) {
  ManagementSettings result;
  result.scratch = settings.service.scratch;
  result.settling = settings.settling;
  result.address = address;
  return result;
}

}  // namespace

struct Emulator::HttpServer {
  HttpServer(asio::ip::tcp::acceptor listening, std::string what, asio::io_context& context, HttpFaceConfig config,
             CallFunction call)
      : acceptor(std::move(listening)),
        fingerprint(std::move(what)),
        face(context, std::move(config), std::move(call)) {}

  // They keep it for as long as a connection does.
  static Awaitable<ServerResponse> answer(std::shared_ptr<HttpServer> self, ServerRequest request) {
    std::string peer = request.peer;
    ServerResponse response = co_await self->face.answer(std::move(request), std::move(peer));
    co_return response;
  }
  static Awaitable<> serve_all(std::shared_ptr<HttpServer> self) {
    ServerLimits limits;
    limits.body_bytes = kMostGatewayEventBytes;
    limits.patience = std::chrono::seconds(60);
    Answer answers = [self](ServerRequest request) { return answer(self, std::move(request)); };
    co_await serve(self->acceptor, std::move(limits), std::move(answers));
  }

  asio::ip::tcp::acceptor acceptor;
  std::string fingerprint;  // of its configuration
  HttpFace face;
};

Emulator::Emulator(asio::io_context& context, EmulatorSettings settings, LogSink log)
    : context_(context),
      settings_(std::move(settings)),
      sink_(std::move(log)),
      log_([this](std::string_view text) {
        recent_log_.add(text);
        sink_(text);
      }),
      history_(std::chrono::system_clock::now()),
      acceptor_(listen_on(context, settings_.host, settings_.port)),
      address_(address_of(acceptor_)),
      queues_(
          context, settings_.service.scratch,
          [this](std::string name, std::string qualifier, std::string event) {
            return feed(std::move(name), std::move(qualifier), std::move(event));
          },
          driver_options()),
      service_(context, registry_, history_, log_, settings_.service),
      invoke_face_(service_, registry_),
      management_face_(registry_,
                       [&] {
                         ManagementSettings management = management_settings(settings_, address_);
                         management.changed = [this] { note_change(); };
                         management.mapping_progress = [this](const EventSourceMapping& mapping) {
                           return queues_.progress_of(mapping);
                         };
                         management.destination_fault = [this](const std::string& destination) {
                           return destination_fault(destination);
                         };
                         return management;
                       }()),
      page_face_(
          history_, [this] { return shown_functions(); }, [this] { return recent_log_.text(); },
          settings_.allowed_hosts) {
  if (!settings_.record.empty())
    recorder_.emplace(settings_.record, RecorderOptions{.most_files = settings_.record_limit});
  service_.finished = [this](const Finished& finished) { record(finished); };
  registry_.region = settings_.region;
  registry_.account = settings_.account;
  service_.deliver = [this](const std::string& destination, const std::string& record) {
    deliver(destination, record);
  };
  if (settings_.state.empty()) return;
  file_.emplace(settings_.state);
  file_->load(registry_, settings_.service.scratch);
}

Emulator::~Emulator() = default;

bool Emulator::is_loopback() const { return acceptor_.local_endpoint().address().is_loopback(); }

void Emulator::host(std::shared_ptr<Function> function, const FunctionSpec& spec) {
  if (!is_function_name(function->name)) {
    io::throw_usage(
        fmt::format("\"{}\" is no name of a function: expected up to 64 letters, digits, - and _", function->name));
  }
  function->region = registry_.region;
  function->account = registry_.account;
  function->last_modified = time_stamp();
  function->revision_id = new_uuid();
  if (function->role.empty()) function->role = "arn:aws:iam::" + function->account + ":role/emulated";
  RegisteredFunction& registered = registry_.functions[function->name];
  registered.is_published = false;
  registered.latest = std::move(function);
  if (spec.concurrency) registered.reserved_concurrency = spec.concurrency;
  const auto known =
      std::find_if(watched_.begin(), watched_.end(), [&](const Watched& one) { return one.spec.name == spec.name; });
  if (known == watched_.end()) watched_.push_back({spec, FileWatch(watched_files(spec))});
}

Awaitable<> Emulator::watch_files() {
  while (co_await wait_for(context_, std::chrono::milliseconds(200))) {
    for (Watched& watched : watched_) {
      if (!watched.files.has_changed()) continue;
      try {
        host(function_of(watched.spec, settings_.service.scratch), watched.spec);
        note_change();
        log_(fmt::format("textlambda-emulate: {} has changed: its next call is cold\n", watched.spec.name));
      } catch (const io::Error& error) {
        log_(fmt::format("textlambda-emulate: {}: {}; it stays as it was\n", watched.spec.name, error.what()));
      }
    }
  }
}

void Emulator::configure_events(const std::string& function, const EventInvokeConfig& config) {
  if (!config.retries && !config.age_seconds && config.on_success.empty() && config.on_failure.empty()) return;
  for (const std::string& destination : {config.on_success, config.on_failure}) {
    if (destination.empty()) continue;
    if (const std::string fault = destination_fault(destination); !fault.empty()) io::throw_usage(fault);
  }
  registry_.functions.at(function).event_invoke_configs[""] = config;
}

void Emulator::start() {
  open_sources();
  if (!settings_.http.empty()) {
    if (registry_.functions.empty()) io::throw_usage("--http: there is no function to serve");
    const std::string& name = watched_.empty() ? registry_.functions.begin()->first : watched_.front().spec.name;
    const auto [host, port] = host_and_port(settings_.http);
    HttpFaceConfig config;
    config.gateway.kind = settings_.http_kind;
    config.gateway.account = registry_.account;
    config.gateway.region = registry_.region;
    config.gateway.domain = default_domain(settings_.http_kind, registry_.arn(name), registry_.region);
    http_address_ = open_http(host, port, kHttpKey, std::move(config), name, "");
  }
  note_change();
  ServerLimits limits;
  limits.body_bytes = kMostManagementBytes;
  limits.body_bytes_of = [](std::string_view target) {
    return InvokeFace::owns(target) ? kMostEventBytes : kMostManagementBytes;
  };
  limits.patience = std::chrono::seconds(60);
  Answer answer = [this](ServerRequest request) { return this->answer(std::move(request)); };
  asio::co_spawn(context_, serve(acceptor_, std::move(limits), std::move(answer)), asio::detached);
  asio::co_spawn(context_, service_.reap_idle(), asio::detached);
  for (const auto& source : sources_) source->start();
  if (!settings_.queues.empty()) asio::co_spawn(context_, queues_.watch(), asio::detached);
  if (settings_.watch) asio::co_spawn(context_, watch_files(), asio::detached);
}

Awaitable<CallOutcome> Emulator::call(std::string name, std::string qualifier, FunctionCall call) {
  const std::optional<Resolved> target = registry_.resolve(name, qualifier, new_fraction());
  CallOutcome outcome;
  if (!target) {
    outcome.kind = GatewayOutcome::Kind::not_found;
    co_return outcome;
  }
  Invocation invocation = new_invocation(std::move(call.request_id), std::move(call.event));
  invocation.trace_id = trace_id_of(call.trace_id);  // as the event has it
  LambdaService::Result result;
  if (call.streaming) {
    const std::shared_ptr<LambdaService::Streamed> streamed =
        service_.invoke_streaming(*target, std::move(invocation), InvocationKind::url);
    const bool goes_on = co_await begin_answer(streamed, outcome);
    if (goes_on) {
      outcome.pieces = [streamed] { return next_piece(streamed); };
      co_return outcome;
    }
    result = std::move(*streamed->result);
  } else {
    result = co_await service_.invoke(*target, std::move(invocation), InvocationKind::url);
  }
  if (result.refusal == LambdaService::Refusal::throttled) {
    outcome.kind = GatewayOutcome::Kind::throttled;
  } else if (result.outcome.function_error) {
    outcome.kind =
        result.outcome.measures.timed_out ? GatewayOutcome::Kind::timed_out : GatewayOutcome::Kind::function_error;
  }
  outcome.body = std::move(result.outcome.body);
  if (result.outcome.streamed) {
    outcome.stream_content_type =
        result.outcome.content_type.empty() ? "application/octet-stream" : result.outcome.content_type;
  }
  co_return outcome;
}

Awaitable<DriverOutcome> Emulator::feed(std::string name, std::string qualifier, std::string event) {
  const std::optional<Resolved> target = registry_.resolve(name, qualifier, new_fraction());
  DriverOutcome outcome;
  if (!target) {  // deleted meanwhile
    outcome.function_error = true;
    co_return outcome;
  }
  Invocation invocation = new_invocation(new_uuid(), std::move(event));
  LambdaService::Result result = co_await service_.invoke(*target, std::move(invocation), InvocationKind::source);
  outcome.throttled = result.refusal == LambdaService::Refusal::throttled;
  outcome.function_error = result.outcome.function_error;
  outcome.answer = std::move(result.outcome.body);
  co_return outcome;
}

DriverOptions Emulator::driver_options() {
  DriverOptions options;
  options.time_scale = settings_.service.time_scale;
  options.note = [this](const std::string& line) { log_("textlambda-emulate: " + line + "\n"); };
  return options;
}

void Emulator::open_sources() {
  for (const std::string& text : settings_.queues) queues_.add(text);
  const sources::Nanoseconds start = SourceDriver::start_now();
  for (const std::string& text : settings_.sources) {
    sources::SourceSpec spec = sources::parse_source(text);
    const std::string name = spec.function;
    if (registry_.find(name) == nullptr)
      io::throw_usage(fmt::format("--source {}: there is no function {}", text, name));
    DriverInvoke invoke = [this, name](std::string event) { return feed(name, "", std::move(event)); };
    sources_.push_back(std::make_shared<SourceDriver>(context_, sources::open_source(spec, start), start,
                                                      std::move(invoke), driver_options()));
  }
}

Awaitable<> Emulator::all_fed() {
  for (const auto& source : sources_) co_await source->finished();
}

std::vector<sources::BooksRow> Emulator::books() const {
  std::vector<sources::BooksRow> rows;
  for (const auto& source : sources_) rows.push_back(source->books());
  for (sources::BooksRow& row : queues_.books()) rows.push_back(std::move(row));
  return rows;
}

// Serves the function from now on under `key`, or goes on to do so; its address.
std::string Emulator::open_http(const std::string& host, std::uint16_t port, const std::string& key,
                                HttpFaceConfig config, const std::string& name, const std::string& qualifier) {
  CallFunction call = [this, name, qualifier](FunctionCall wanted) {
    return this->call(name, qualifier, std::move(wanted));
  };
  auto server =
      std::make_shared<HttpServer>(listen_on(context_, host, port), key, context_, std::move(config), std::move(call));
  const std::string address = address_of(server->acceptor);
  asio::co_spawn(context_, HttpServer::serve_all(server), asio::detached);
  http_servers_[key] = std::move(server);
  return address;
}

// Opens what was configured, and closes what is not any more.
void Emulator::serve_urls() {
  std::map<std::string, std::shared_ptr<HttpServer>> before = std::exchange(http_servers_, {});
  for (auto& [name, function] : registry_.functions) {
    for (auto& [qualifier, url] : function.urls) {
      const std::string key = fmt::format("{}:{} {} {} {}", name, qualifier, url.auth_type, url.invoke_mode, url.cors);
      if (const auto open = before.find(key); open != before.end() && !url.url.empty()) {
        http_servers_.insert(before.extract(open));
        continue;
      }
      HttpFaceConfig config;
      config.gateway.account = registry_.account;
      config.gateway.region = registry_.region;
      config.gateway.domain =
          default_domain(GatewayKind::function_url, registry_.arn(name, qualifier), registry_.region);
      config.gateway.response_stream = url.invoke_mode == "RESPONSE_STREAM";
      if (!url.cors.empty()) config.gateway.cors = cors_of(url.cors);
      config.iam = url.auth_type == "AWS_IAM";
      config.keys = settings_.keys;
      // A changed configuration keeps its address.
      std::uint16_t port = 0;
      if (!url.url.empty()) {
        for (auto& [other, server] : before) {
          if (!other.starts_with(fmt::format("{}:{} ", name, qualifier))) continue;
          port = server->acceptor.local_endpoint().port();
          boost::system::error_code ignored;
          server->acceptor.close(ignored);
        }
      }
      url.url = "http://" + open_http(settings_.host, port, key, std::move(config), name, qualifier) + "/";
    }
  }
  const auto kept = before.find(kHttpKey);
  if (kept != before.end()) http_servers_.insert(before.extract(kept));
  for (auto& [key, server] : before) {
    boost::system::error_code ignored;
    server->acceptor.close(ignored);
  }
}

std::string Emulator::shown_functions() const {
  std::vector<ShownFunction> shown;
  const std::vector<const Environment*> environments = service_.environments();
  for (const auto& [name, registered] : registry_.functions) {
    const Function& latest = *registered.latest;
    ShownFunction one;
    one.name = name;
    one.handler = latest.handler;
    one.memory_mb = latest.memory_mb;
    one.timeout = latest.timeout;
    one.concurrency = registered.reserved_concurrency.value_or(settings_.service.concurrency);
    for (const auto& [alias, target] : registered.aliases) one.aliases.push_back(alias);
    for (const auto& [number, version] : registered.versions) one.aliases.push_back(version->version);
    for (const Environment* const environment : environments) {
      if (environment->function().name != name) continue;
      one.environments.push_back(
          {.id = environment->log_stream(),
           .state = environment->state_name(),
           .age = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - environment->started()),
           .invocations = environment->served(),
           .peak_bytes = environment->peak_bytes()});
    }
    shown.push_back(std::move(one));
  }
  return functions_json(shown);
}

void Emulator::record(const Finished& finished) {
  if (!recorder_) return;
  RecordedInvocation recorded;
  recorded.function = finished.function.name;
  recorded.function_arn = finished.invocation.invoked_arn;
  recorded.request_id = finished.invocation.request_id;
  recorded.trace_id = finished.invocation.trace_id;
  recorded.client_context = finished.invocation.client_context;
  recorded.event = finished.invocation.event;
  const Outcome& outcome = finished.outcome;
  const bool is_whole = outcome.function_error || outcome.passed_on <= outcome.body.size();
  if (is_whole && is_function_answer(outcome.error_type)) recorded.response = outcome.body;
  recorded.arrived = finished.began;
  recorded.duration = finished.outcome.measures.duration;
  recorded.init = finished.outcome.measures.init;
  recorded.memory_mb = finished.function.memory_mb;
  recorder_->record(std::move(recorded));
  if (const std::string notice = recorder_->take_notice(); !notice.empty()) {
    log_(fmt::format("textlambda-emulate: {}\n", notice));
  }
}

std::vector<std::string> Emulator::summary_lines() const {
  std::vector<std::string> lines = history_.summary_lines();
  if (recorder_) {
    const RecorderCounts counts = recorder_->counts();
    lines.push_back(fmt::format("{} in {}, {} lost, {} left out", text::counted(counts.written, "recording"),
                                settings_.record, text::grouped(counts.lost), text::grouped(counts.left_out)));
  }
  return lines;
}

Awaitable<ServerResponse> Emulator::answer(ServerRequest request) {
  ServerResponse response;
  if (PageFace::owns(request.target) && !request.target.starts_with(kCodePath)) co_return page_face_.answer(request);
  if (const std::string why = browser_refusal(request, settings_.allowed_hosts); !why.empty()) {
    co_return refused_browser(why);
  }
  if (settings_.require_signatures && !request.target.starts_with("/_textlambda/")) {
    const signing::Verdict verdict = signing::verify(
        {.method = request.method, .target = request.target, .headers = request.headers, .body = request.body},
        settings_.keys, {.region = "", .service = "lambda"},
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (verdict.fault != signing::Fault::none) {
      response = signing::refusal(verdict);
      response.headers.push_back({"x-amzn-RequestId", new_uuid()});
      co_return response;
    }
  }
  if (InvokeFace::owns(request.target)) {
    response = co_await invoke_face_.answer(std::move(request));
    co_return response;
  }
  std::string failed;
  try {
    response = management_face_.answer(request);
  } catch (const io::Error& error) {  // as on a full disk
    failed = error.what();
  }
  if (!failed.empty()) response = error_response(ApiError(500, "ServiceException", failed));
  response.headers.push_back({"x-amzn-RequestId", new_uuid()});
  co_return response;
}

Awaitable<> Emulator::shut_down(std::chrono::milliseconds patience) {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (auto& [key, server] : http_servers_) server->acceptor.close(ignored);
  for (const auto& source : sources_) source->stop();
  co_await queues_.stop();
  co_await service_.shut_down(patience);
  if (!settings_.exit_when_fed) co_await all_fed();  // so that the books have what came of the last ones
  if (recorder_) recorder_->finish();
}

void Emulator::note_change() {
  service_.retire_stale();
  serve_urls();
  queues_.follow(registry_);
  if (file_) file_->save(registry_);
}

std::string Emulator::destination_fault(const std::string& destination) const {
  if (destination.starts_with(kFileDestination)) return "";
  if (!destination.starts_with("arn:")) return "\"" + destination + "\" is no ARN";
  if (destination.find(":lambda:") != std::string::npos) {
    const NamedFunction named = parse_function_name(destination);
    return registry_.find(named.name) == nullptr ? "The function of the destination " + destination + " does not exist"
                                                 : "";
  }
  if (settings_.destinations.empty()) {
    return "textlambda-emulate has no " + destination +
           ": it delivers to functions, and with --destinations FOLDER to a file for each queue and topic";
  }
  return is_file_name(last_part(destination)) ? "" : "the ARN " + destination + " names no queue or topic";
}

void Emulator::deliver(const std::string& destination, const std::string& record) {
  if (destination.find(":lambda:") != std::string::npos && destination.starts_with("arn:")) {
    const NamedFunction named = parse_function_name(destination);
    Invocation invocation = new_invocation(new_uuid(), record);
    if (registry_.find(named.name) == nullptr ||
        !service_.enqueue(named.name, named.qualifier, std::move(invocation))) {
      log_(fmt::format("textlambda-emulate: a record for {} was lost: it takes no event\n", destination));
    }
    return;
  }
  const std::string path = destination.starts_with(kFileDestination)
                               ? destination.substr(kFileDestination.size())
                               : (fs::path(settings_.destinations) / (last_part(destination) + ".jsonl")).string();
  try {
    append_line(path, record);
  } catch (const io::Error& error) {
    log_(fmt::format("textlambda-emulate: a record for {} was lost: {}\n", destination, error.what()));
  }
}

}  // namespace textlambda::emulator
