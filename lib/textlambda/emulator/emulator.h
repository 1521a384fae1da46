// The whole of a local Lambda: the account's functions, their environments, and the faces that clients speak to. Not
// thread-safe: all on one io_context that one thread runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/asio.h"
#include "textlambda/emulator/file_watch.h"
#include "textlambda/emulator/functions_file.h"
#include "textlambda/emulator/http_face.h"
#include "textlambda/emulator/invocation_history.h"
#include "textlambda/emulator/invoke_face.h"
#include "textlambda/emulator/lambda_service.h"
#include "textlambda/emulator/management_face.h"
#include "textlambda/emulator/mapped_queues.h"
#include "textlambda/emulator/page_face.h"
#include "textlambda/emulator/recent_log.h"
#include "textlambda/emulator/recorder.h"
#include "textlambda/emulator/registry.h"
#include "textlambda/emulator/registry_file.h"
#include "textlambda/emulator/source_driver.h"
#include "textlambda/signing/signature_v4.h"
#include "textlambda/sources/books.h"

namespace textlambda::emulator {

struct EmulatorSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 9001;
  std::string region = "us-east-1";
  std::string account = "012345678912";
  std::string state;         // a folder that keeps the functions between runs; empty: none
  std::string destinations;  // a folder of files that records for queues and topics are appended to; empty: none
  std::chrono::milliseconds settling{0};
  std::vector<signing::Credentials> keys;  // of who may sign
  bool require_signatures = false;         // of the API; a function URL's own configuration says whether it does
  std::string http;                        // HOST:PORT that serves the first hosted function over HTTP; empty: none
  GatewayKind http_kind = GatewayKind::function_url;
  bool watch = false;                // the files of hosted functions, and the models that they name
  std::vector<std::string> sources;  // FUNCTION=KIND:…, see sources/source_spec.h
  std::vector<std::string> queues;   // NAME=FILE…, that event source mappings may name; see mapped_queues.h
  bool exit_when_fed = false;        // somebody waits for all_fed()
  std::string record;                // a folder that every event and its answer is kept in; empty: none
  std::optional<std::uint64_t> record_limit;
  std::vector<std::string> allowed_hosts;  // names that browsers may use, see browser_guard.h
  ServiceSettings service;
};

class Emulator {
 public:
  // Listens. Throws Error(input_output) where the port is taken or the state cannot be read.
  Emulator(asio::io_context& context, EmulatorSettings settings, LogSink log);
  ~Emulator();

  // A function that is there from the start; one of that name that was kept becomes it, with its versions and aliases.
  // Throws Error(usage) for a name that is none.
  void host(std::shared_ptr<Function> function, const FunctionSpec& spec);
  // Where its events go, once all functions are there. Throws Error(usage) for a destination that there is not.
  void configure_events(const std::string& function, const EventInvokeConfig& config);

  // Serves from now on.
  void start();
  // Ends it all; the io_context has nothing left to do then.
  Awaitable<> shut_down(std::chrono::milliseconds patience);

  std::string address() const { return address_; }            // HOST:PORT of the API
  std::string http_address() const { return http_address_; }  // of `http`; empty where there is none
  bool is_loopback() const;
  Registry& registry() { return registry_; }
  // Returns once every source has nothing left; at once where there is none.
  Awaitable<> all_fed();
  // What every source fed, and what became of it; the table, and whether all of it adds up.
  std::vector<sources::BooksRow> books() const;
  // Of all that was invoked, for people.
  std::vector<std::string> summary_lines() const;

 private:
  Awaitable<ServerResponse> answer(ServerRequest request);
  Awaitable<CallOutcome> call(std::string name, std::string qualifier, FunctionCall call);
  Awaitable<DriverOutcome> feed(std::string name, std::string qualifier, std::string event);
  DriverOptions driver_options();
  void open_sources();
  std::string open_http(const std::string& host, std::uint16_t port, const std::string& key, HttpFaceConfig config,
                        const std::string& name, const std::string& qualifier);
  void serve_urls();
  std::string shown_functions() const;
  void record(const Finished& finished);
  Awaitable<> watch_files();
  void note_change();
  std::string destination_fault(const std::string& destination) const;
  void deliver(const std::string& destination, const std::string& record);

  // A function, or an alias of one, that is served over HTTP.
  struct HttpServer;

  // A hosted function whose files may change, and what they were.
  struct Watched {
    FunctionSpec spec;
    FileWatch files;  // that the environments have
  };

  asio::io_context& context_;
  EmulatorSettings settings_;
  LogSink sink_;
  RecentLog recent_log_;
  LogSink log_;  // to both
  InvocationHistory history_;
  std::optional<Recorder> recorder_;
  asio::ip::tcp::acceptor acceptor_;
  std::string address_;
  Registry registry_;
  std::optional<RegistryFile> file_;
  std::vector<Watched> watched_;
  std::map<std::string, std::shared_ptr<HttpServer>> http_servers_;  // by what they serve
  std::string http_address_;
  std::vector<std::shared_ptr<SourceDriver>> sources_;
  MappedQueues queues_;
  LambdaService service_;
  InvokeFace invoke_face_;
  ManagementFace management_face_;
  PageFace page_face_;
};

}  // namespace textlambda::emulator
