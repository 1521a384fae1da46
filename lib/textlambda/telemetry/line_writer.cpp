#include "textlambda/telemetry/line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace textlambda::telemetry {

void LineWriter::write(std::string_view line) {
  buffer_.assign(line);
  buffer_ += '\n';
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd waited{fd_, POLLOUT, 0};
      if (::poll(&waited, 1, -1) < 0 && errno != EINTR) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace textlambda::telemetry
