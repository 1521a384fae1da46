// Where a system keeps the certificates of the authorities that it trusts, as its TLS library's own place is not the
// one that every system uses: a static program carries its library's from one to another. Pure but for the look at the
// files. Private to this folder.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace textlambda::tls {

// SSL_CERT_FILE where that is set; empty: there is none.
inline std::string system_authorities() {
  if (const char* const file = std::getenv("SSL_CERT_FILE"); file != nullptr) return file;
  // Debian, Amazon Linux, SUSE, Alpine.
  for (const char* const file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                 "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (::access(file, R_OK) == 0) return file;
  }
  return {};
}

}  // namespace textlambda::tls
