// A Lambda in miniature on the loopback interface, with the probe inside: it answers as the contract has it, so that
// every row passes, and each test spoils one thing. No processes, no clock of its own: what sleeps sleeps a tenth.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/http/message.h"

namespace textlambda::conform {

struct FakeRequest {
  std::string method;
  std::string target;
  std::vector<http::Header> headers;
  std::string body;

  std::string header(std::string_view name) const { return std::string(http::find_header(headers, name)); }
  bool has(std::string_view words) const { return body.find(words) != std::string::npos; }
};

class FakeLambda {
 public:
  using Json = nlohmann::json;
  // Changes an answer before it is sent.
  using Spoil = std::function<void(const FakeRequest& request, http::Response& response)>;

  // `queue`: a file of messages, a line each, that are taken to have been delivered as they should be.
  explicit FakeLambda(Spoil spoil = {}, std::set<std::string> faults = {}, std::string queue = {});
  FakeLambda(const FakeLambda&) = delete;
  FakeLambda& operator=(const FakeLambda&) = delete;
  ~FakeLambda();

  std::uint16_t port() const { return port_; }
  // Closes its port: nobody listens there from then on.
  void leave();

 private:
  struct Environment {
    std::string instance;
    long count = 0;
    bool busy = false;
    bool gone = false;
    std::map<std::string, Json> remembered;
    Json last_response;
    std::string function;  // and version
  };
  struct Code {
    std::string marker;
    Json configuration;
  };
  struct Function {
    std::map<std::string, Code> versions;  // "$LATEST", "1", …
    std::map<std::string, Json> aliases;
    Json reserved;
    Json url;
    long published = 0;
  };
  struct Answered {
    http::Response response;
    std::string log;
  };

  bool faulty(const char* name) const { return faults_.contains(name); }
  void accept_all();
  void serve(int fd);
  http::Response respond(const FakeRequest& request);
  http::Response invoke(const FakeRequest& request, const std::string& segment, const std::string& query);
  http::Response manage(const FakeRequest& request, const std::string& path, const std::string& query);
  http::Response manage_alias(const FakeRequest& request, const std::string& name, Function& function,
                              const std::string& alias);
  http::Response manage_mapping(const FakeRequest& request, const std::string& uuid);
  http::Response run(const FakeRequest& request, const std::string& name, const std::string& qualifier,
                     const std::string& version, const std::string& request_id);
  std::shared_ptr<Environment> take(const std::string& function);
  void deliver(Environment& environment);
  Json configuration(const std::string& name, const std::string& version, const std::string& qualifier);

  Spoil spoil_;
  std::set<std::string> faults_;
  std::string queue_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_{false};
  std::thread acceptor_;
  std::mutex mutex_;
  std::list<std::thread> connections_;
  std::set<int> open_;
  std::map<std::string, Function> functions_;
  std::vector<std::shared_ptr<Environment>> environments_;
  std::map<std::string, std::string> files_;
  std::map<std::string, Json> mappings_;
  long numbers_ = 0;
  long weighted_ = 0;
};

}  // namespace textlambda::conform
