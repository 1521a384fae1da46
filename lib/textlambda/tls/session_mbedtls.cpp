// Session by Mbed TLS, https://mbed-tls.readthedocs.io/ (2.28, which is TLS 1.2; 3.6 adds TLS 1.3).
#include <arpa/inet.h>
#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#include <psa/crypto.h>
#endif
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "textlambda/tls/authorities.h"
#include "textlambda/tls/session.h"

namespace textlambda::tls {
namespace {

std::string mbedtls_error(int code) {
  char text[256] = {};
  mbedtls_strerror(code, text, sizeof text);
  return text;
}

// What the sessions of a file of authorities share. Mbed TLS locks the random numbers by itself; the rest is not
// written to any more.
struct MbedContext {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_x509_crt authorities;
  mbedtls_ssl_config settings;

  MbedContext() {
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&authorities);
    mbedtls_ssl_config_init(&settings);
  }
  MbedContext(const MbedContext&) = delete;
  MbedContext& operator=(const MbedContext&) = delete;
  ~MbedContext() {
    mbedtls_ssl_config_free(&settings);
    mbedtls_x509_crt_free(&authorities);
    mbedtls_ctr_drbg_free(&random);
    mbedtls_entropy_free(&entropy);
  }

  void read_authorities(const TrustOptions& trust) {
    const char* const folder = std::getenv("SSL_CERT_DIR");
    const bool by_folder = trust.authorities.empty() && folder != nullptr && std::getenv("SSL_CERT_FILE") == nullptr;
    const std::string from = by_folder                   ? std::string(folder)
                             : trust.authorities.empty() ? system_authorities()
                                                         : trust.authorities;
    if (from.empty()) return;  // nobody is trusted
    // The number of certificates that it cannot read, where it is not negative: a system's file may hold such.
    const int read = by_folder ? mbedtls_x509_crt_parse_path(&authorities, from.c_str())
                               : mbedtls_x509_crt_parse_file(&authorities, from.c_str());
    if (authorities.raw.len == 0) {
      io::throw_input("holds no certificates that can be read: " + (read < 0 ? mbedtls_error(read) : "none of them"),
                      from);
    }
  }

  void prepare(const TrustOptions& trust) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    if (psa_crypto_init() != PSA_SUCCESS) io::throw_input("TLS: no cryptography");  // TLS 1.3 goes by it
#endif
    int status = mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, nullptr, 0);
    if (status == 0) {
      status = mbedtls_ssl_config_defaults(&settings, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                           MBEDTLS_SSL_PRESET_DEFAULT);
    }
    if (status != 0) io::throw_input("TLS: " + mbedtls_error(status));
    read_authorities(trust);
    mbedtls_ssl_conf_rng(&settings, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_authmode(&settings, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&settings, &authorities, nullptr);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_ssl_conf_min_version(&settings, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
  }
};

// Reading the authorities takes longer than a handshake does: once a file of them, for all threads.
const mbedtls_ssl_config* settings_for(const TrustOptions& trust) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<MbedContext>> contexts;
  const std::lock_guard<std::mutex> lock(mutex);
  std::unique_ptr<MbedContext>& context = contexts[trust.authorities];
  if (context == nullptr) {
    std::unique_ptr<MbedContext> made = std::make_unique<MbedContext>();
    made->prepare(trust);
    context = std::move(made);
  }
  return &context->settings;
}

// The bytes of an address as certificates have them; empty: it is a name.
std::string address_bytes(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)] = {};
  for (const auto& [family, size] : {std::pair{AF_INET, sizeof(in_addr)}, std::pair{AF_INET6, sizeof(in6_addr)}}) {
    if (::inet_pton(family, host.c_str(), bytes) == 1) return {reinterpret_cast<const char*>(bytes), size};
  }
  return {};
}

// Whether a certificate is one of that address, among its subject's other names (RFC 5280, section 4.2.1.6), which
// Mbed TLS 2.28 only compares where they are names of hosts.
bool is_of_address(const mbedtls_x509_crt& certificate, std::string_view address) {
  constexpr int kAddress = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
  for (const mbedtls_x509_sequence* name = &certificate.subject_alt_names; name != nullptr; name = name->next) {
    if (name->buf.p == nullptr || name->buf.tag != kAddress) continue;
    if (std::string_view(reinterpret_cast<const char*>(name->buf.p), name->buf.len) == address) return true;
  }
  return false;
}

int send_bytes(void* descriptor, const unsigned char* bytes, std::size_t size) {
  const ssize_t sent = ::send(*static_cast<const int*>(descriptor), bytes, size, MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE
                                                                   : MBEDTLS_ERR_SSL_CONN_EOF;
}

int receive_bytes(void* descriptor, unsigned char* into, std::size_t size) {
  const ssize_t count = ::recv(*static_cast<const int*>(descriptor), into, size, 0);
  if (count >= 0) return static_cast<int>(count);
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ
                                                                   : MBEDTLS_ERR_SSL_CONN_EOF;
}

}  // namespace

struct Session::State {
  std::string name;
  std::string address;  // the host's, where it is one and no name
  int descriptor;
  mbedtls_ssl_context tls;
  std::string error;

  State(int connected, std::string shown) : name(std::move(shown)), descriptor(connected) { mbedtls_ssl_init(&tls); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { mbedtls_ssl_free(&tls); }

  Outcome outcome_of(int result) {
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return Outcome::wants_read;
    if (result == MBEDTLS_ERR_SSL_WANT_WRITE) return Outcome::wants_write;
    if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return Outcome::closed;
    error = result == 0 || result == MBEDTLS_ERR_SSL_CONN_EOF ? "the connection was cut" : mbedtls_error(result);
    return Outcome::cut;
  }

  [[noreturn]] void throw_mistrust(const std::string& reason) const {
    throw TrustError(io::ErrorKind::input_output, "TLS: its certificate is not to be trusted: " + reason, name);
  }
};

Session::Session(int descriptor, const std::string& host, const TrustOptions& trust, const std::string& name)
    : state_(std::make_unique<State>(descriptor, name)) {
  state_->address = address_bytes(host);
  int status = mbedtls_ssl_setup(&state_->tls, settings_for(trust));
  if (status == 0) {
    status = mbedtls_ssl_set_hostname(&state_->tls, state_->address.empty() ? host.c_str() : nullptr);
  }
  if (status != 0) io::throw_input("TLS: " + mbedtls_error(status), name);
  mbedtls_ssl_set_bio(&state_->tls, &state_->descriptor, send_bytes, receive_bytes, nullptr);
}

Session::~Session() = default;

Session::Outcome Session::shake_hands() {
  const int result = mbedtls_ssl_handshake(&state_->tls);
  if (result == 0) {
    const mbedtls_x509_crt* const certificate = mbedtls_ssl_get_peer_cert(&state_->tls);
    if (!state_->address.empty() && (certificate == nullptr || !is_of_address(*certificate, state_->address))) {
      state_->throw_mistrust("it is not one of this address");
    }
    return Outcome::done;
  }
  const Outcome outcome = state_->outcome_of(result);
  if (outcome == Outcome::wants_read || outcome == Outcome::wants_write) return outcome;
  // What is wrong with a certificate's purpose ends the handshake by another name than what is wrong with its chain.
  constexpr std::uint32_t kNotVerified = 0xFFFFFFFFU;
  const std::uint32_t verdict = mbedtls_ssl_get_verify_result(&state_->tls);
  if (verdict != 0 && verdict != kNotVerified) {
    char reasons[512] = {};
    mbedtls_x509_crt_verify_info(reasons, sizeof reasons, "", verdict);
    std::string text(reasons);
    while (text.ends_with('\n')) text.pop_back();
    for (char& c : text) c = c == '\n' ? ' ' : c;
    state_->throw_mistrust(text);
  }
  return outcome;
}

Session::Outcome Session::write(std::string_view bytes, std::size_t& count) {
  const int written =
      mbedtls_ssl_write(&state_->tls, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  if (written <= 0) return state_->outcome_of(written);
  count = static_cast<std::size_t>(written);
  return Outcome::done;
}

Session::Outcome Session::read(char* into, std::size_t size, std::size_t& count) {
  const int taken = mbedtls_ssl_read(&state_->tls, reinterpret_cast<unsigned char*>(into), size);
  if (taken <= 0) return state_->outcome_of(taken);
  count = static_cast<std::size_t>(taken);
  return Outcome::done;
}

bool Session::has_bytes() const { return mbedtls_ssl_get_bytes_avail(&state_->tls) > 0; }

std::string Session::error() const { return state_->error; }

}  // namespace textlambda::tls
