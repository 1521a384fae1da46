#include "textlambda/io/standard_descriptors.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "tests/catch.h"

using textlambda::io::open_standard_descriptors;

namespace {

// What of it holds in a process that starts without `closed`: exit status 0 where a new file is above 2 and reading and
// writing those fails.
int status_without(const std::vector<int>& closed) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int fd : closed) ::close(fd);
    open_standard_descriptors();
    const bool above = ::open("/dev/null", O_RDWR) > STDERR_FILENO;
    bool fails = true;
    char byte = 'x';
    for (const int fd : closed) {
      fails = fails && (fd == STDIN_FILENO ? ::read(fd, &byte, 1) : ::write(fd, &byte, 1)) < 0;
    }
    ::_exit(above && fails ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("no file becomes standard input, output or error where those are closed") {
  CHECK(status_without({}) == 0);
  CHECK(status_without({0}) == 0);
  CHECK(status_without({1}) == 0);
  CHECK(status_without({2}) == 0);
  CHECK(status_without({0, 2}) == 0);
  CHECK(status_without({0, 1, 2}) == 0);
}
