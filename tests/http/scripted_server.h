// A server on the loopback interface that answers with given bytes, whatever it is asked. It serves one connection
// after the other on a thread of its own and keeps what it was sent.
#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

class ScriptedServer {
 public:
  // What is done on one connection: before each step a whole request (its headers and Content-Length bytes) is read.
  // After the last step the connection is closed.
  struct Step {
    std::string bytes;                // sent
    bool reads_request = true;        // false: at once, without a request
    bool reads_headers_only = false;  // the request's body stays unread until the end of the connection
    bool hangs = false;               // waits for the client to close
  };
  using Connection = std::vector<Step>;

  explicit ScriptedServer(std::vector<Connection> connections);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  // Waits until the script has been played; the requests as they came.
  const std::vector<std::string>& requests();

 private:
  void serve();
  void play(int fd, const Connection& connection);

  std::vector<Connection> connections_;
  std::vector<std::string> requests_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// A whole response with a Content-Length.
std::string http_response(const std::string& status, const std::string& body, const std::string& headers = "");
