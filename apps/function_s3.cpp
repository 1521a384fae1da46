#include "function_s3.h"

#include <nss.h>
#include <stdlib.h>

#include <memory>

#include "textlambda/aws/s3_files.h"
#include "textlambda/aws/surroundings.h"

namespace textlambda::command {

io::RemoteFiles* files_in_s3(const aws::ClientOptions& options) {
  // What resolves names in a static program: the modules that are within the C library, not those that the system's
  // nsswitch.conf names, which would be loaded with a C library of their own. And in seconds, where the time of an
  // invocation is counted, and getaddrinfo(3) knows no deadline.
  ::__nss_configure_lookup("hosts", "files dns");
  ::setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
  static aws::S3Files files(
      [] { return std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{}); }, options);
  return &files;
}

void end_requests_within(std::optional<std::chrono::milliseconds> time) {
  aws::end_requests_by(time ? std::optional(std::chrono::steady_clock::now() + *time) : std::nullopt);
}

}  // namespace textlambda::command
