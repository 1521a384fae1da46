// A connected byte stream, plain TCP or TLS, every wait of which ends with its deadline. The peer's certificate is
// verified for the name of the host, against the system's authorities (or those of SSL_CERT_FILE, SSL_CERT_DIR) or
// those of a file. Used by one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "textlambda/http/endpoint.h"
#include "textlambda/io/error.h"
#include "textlambda/tls/deadline.h"

namespace textlambda::tls {

struct Target {
  http::Endpoint endpoint;
  bool tls = false;

  // The Host header: without the port that the scheme stands for.
  std::string host() const;
};

// Reads "http://HOST[:PORT][/PATH]", "https://…" or "HOST:PORT". Throws Error(usage).
Target parse_target(std::string_view url);

// Whom to believe in.
struct TrustOptions {
  std::string authorities = {};  // a file of certificates in PEM; empty: the system's
};

// The peer's certificate is not one to be believed: trying again is of no use. Error(input_output).
class TrustError : public io::Error {
 public:
  using io::Error::Error;
};

class Stream {
 public:
  // Connects. Throws Error(input_output) that names the host, a TrustError among them.
  Stream(const Target& target, const TrustOptions& trust, const Deadline& deadline);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // False where the peer takes no more of it: it may have answered early. Throws Error(input_output) when time is over.
  bool write(std::string_view bytes, const Deadline& deadline);
  // At least a byte, 0 where the peer has closed. Throws Error(input_output) for a broken connection and when time is
  // over.
  std::size_t read(char* into, std::size_t size, const Deadline& deadline);
  // Whether a byte, or the end, can be read before the deadline. Does not throw when time is over.
  bool readable(const Deadline& deadline);

 private:
  struct Socket;
  std::unique_ptr<Socket> socket_;
};

}  // namespace textlambda::tls
