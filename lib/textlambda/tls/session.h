// TLS over a socket, as its client: the one thing of this folder that a library does. session_openssl.cpp is what the
// commands are linked with; session_mbedtls.cpp stands in its place in the functions, whose size counts: 0.5 MB
// for 3.9. Both want TLS 1.2 at least and hold the certificate against the authorities and the host's name. Private to
// this folder.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/tls/stream.h"

namespace textlambda::tls {

// Used by one thread at a time; several sessions by several.
class Session {
 public:
  enum class Outcome {
    done,
    wants_read,   // the same call again, once the socket can be read
    wants_write,  // or written to
    closed,       // the peer has ended the session in good order
    cut,          // it has not: error() says why
  };

  // `descriptor`: connected, not blocking; not owned. `host`: a name, or an address; `name`: of it in messages.
  // Throws Error(input_output) for authorities that cannot be read.
  Session(int descriptor, const std::string& host, const TrustOptions& trust, const std::string& name);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Throws TrustError for a certificate that is not to be believed.
  Outcome shake_hands();
  // Outcome::done: `count` bytes of `bytes` are on their way, one at least.
  Outcome write(std::string_view bytes, std::size_t& count);
  // Outcome::done: `count` bytes are in `into`, one at least.
  Outcome read(char* into, std::size_t size, std::size_t& count);
  // Whether there are bytes that read() gives without a look at the socket.
  bool has_bytes() const;
  // What went wrong with the last call.
  std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace textlambda::tls
