// Session by OpenSSL, https://docs.openssl.org/3.0/man7/ssl/
#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "textlambda/tls/authorities.h"
#include "textlambda/tls/session.h"

namespace textlambda::tls {
namespace {

std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  if (code == 0) return "the connection was cut";
  char text[256] = {};
  ERR_error_string_n(code, text, sizeof text);
  return text;
}

struct FreeContext {
  void operator()(SSL_CTX* freed) const { SSL_CTX_free(freed); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

Context new_context(const TrustOptions& trust) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) io::throw_input("TLS: " + openssl_error());
  const int read = trust.authorities.empty()
                       ? SSL_CTX_set_default_verify_paths(context.get())
                       : SSL_CTX_load_verify_locations(context.get(), trust.authorities.c_str(), nullptr);
  if (read != 1) io::throw_input("holds no certificates that can be read: " + openssl_error(), trust.authorities);
  if (trust.authorities.empty() && std::getenv("SSL_CERT_FILE") == nullptr && std::getenv("SSL_CERT_DIR") == nullptr) {
    if (const std::string file = system_authorities(); !file.empty()) {
      SSL_CTX_load_verify_locations(context.get(), file.c_str(), nullptr);
    }
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

// Reading the authorities takes longer than a handshake does: once a file of them, for all threads.
SSL_CTX* context_for(const TrustOptions& trust) {
  static std::mutex mutex;
  static std::map<std::string, Context> contexts;
  const std::lock_guard<std::mutex> lock(mutex);
  Context& context = contexts[trust.authorities];
  if (context == nullptr) context = new_context(trust);
  return context.get();
}

constexpr std::size_t kMostAtOnce = std::size_t{1} << 16U;

}  // namespace

struct Session::State {
  struct FreeSession {
    void operator()(SSL* freed) const { SSL_free(freed); }
  };

  std::string name;
  std::unique_ptr<SSL, FreeSession> tls;
  std::string error;

  Outcome outcome_of(int result) {
    switch (SSL_get_error(tls.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return Outcome::wants_read;
      case SSL_ERROR_WANT_WRITE:
        return Outcome::wants_write;
      case SSL_ERROR_ZERO_RETURN:
        return Outcome::closed;
    }
    error = openssl_error();
    return Outcome::cut;
  }
};

Session::Session(int descriptor, const std::string& host, const TrustOptions& trust, const std::string& name)
    : state_(std::make_unique<State>()) {
  state_->name = name;
  SSL_CTX* const context = context_for(trust);
  ERR_clear_error();
  state_->tls.reset(SSL_new(context));
  SSL* const tls = state_->tls.get();
  if (tls == nullptr || SSL_set_fd(tls, descriptor) != 1) io::throw_input("TLS: " + openssl_error(), name);
  unsigned char bytes[sizeof(in6_addr)] = {};
  if (::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str());
  } else {
    // The macro SSL_set_tlsext_host_name, without its cast.
    SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
    SSL_set1_host(tls, host.c_str());
  }
}

Session::~Session() = default;

Session::Outcome Session::shake_hands() {
  ERR_clear_error();
  const int result = SSL_connect(state_->tls.get());
  if (result == 1) return Outcome::done;
  const Outcome outcome = state_->outcome_of(result);
  if (outcome == Outcome::wants_read || outcome == Outcome::wants_write) return outcome;
  if (const long verdict = SSL_get_verify_result(state_->tls.get()); verdict != X509_V_OK) {
    throw TrustError(
        io::ErrorKind::input_output,
        std::string("TLS: its certificate is not to be trusted: ") + X509_verify_cert_error_string(verdict),
        state_->name);
  }
  return outcome;
}

Session::Outcome Session::write(std::string_view bytes, std::size_t& count) {
  ERR_clear_error();
  const int written = SSL_write(state_->tls.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMostAtOnce)));
  if (written <= 0) return state_->outcome_of(written);
  count = static_cast<std::size_t>(written);
  return Outcome::done;
}

Session::Outcome Session::read(char* into, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  const int taken = SSL_read(state_->tls.get(), into, static_cast<int>(std::min(size, kMostAtOnce)));
  if (taken <= 0) return state_->outcome_of(taken);
  count = static_cast<std::size_t>(taken);
  return Outcome::done;
}

bool Session::has_bytes() const { return SSL_pending(state_->tls.get()) > 0; }

std::string Session::error() const { return state_->error; }

}  // namespace textlambda::tls
