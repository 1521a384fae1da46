// A runtime reduced to its first request. What it does is the first word of $LAMBDA_TASK_ROOT/behaviour.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

int connected(const std::string& api) {
  const std::size_t colon = api.find(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(std::stoi(api.substr(colon + 1))));
  ::inet_pton(AF_INET, api.substr(0, colon).c_str(), &address.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(90);
  return socket;
}

void send(int socket, const std::string& text) {
  if (::write(socket, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::exit(91);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

int main() {
  std::string behaviour;
  std::ifstream(variable("LAMBDA_TASK_ROOT") + "/behaviour") >> behaviour;
  if (behaviour == "exit") {
    std::puts("no model here");
    return 7;
  }
  if (behaviour == "crash") std::abort();
  if (behaviour == "hang") ::pause();
  if (variable("_HANDLER") != "bootstrap" || variable("TZ") != ":UTC") return 92;

  const int socket = connected(variable("AWS_LAMBDA_RUNTIME_API"));
  if (behaviour == "close") return ::close(socket);
  if (behaviour == "init-error") {
    send(socket, "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 30\r\n\r\n");
    ::usleep(20'000);
    send(socket, "{\"errorMessage\":\"model is bad\"}");
  } else if (behaviour == "elsewhere") {
    send(socket, "GET /somewhere HTTP/1.1\r\n\r\n");
  } else {
    // In two pieces, as a network may deliver it.
    send(socket, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost");
    ::usleep(1'000);
    send(socket, ": here\r\n\r\n");
  }
  char answer = 0;
  return ::read(socket, &answer, 1) == 0 ? 0 : 93;
}
