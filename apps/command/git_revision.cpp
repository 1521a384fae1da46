#include "command/git_revision.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace textlambda::command {
namespace {

// What a program prints, at most 256 bytes; empty where it fails.
std::string output_of(std::array<const char*, 4> words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<char*, 4> arguments{};
  std::transform(words.begin(), words.end(), arguments.begin(),
                 [](const char* word) { return const_cast<char*>(word); });
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string output;
  if (failed == 0) {
    std::array<char, 256> block{};
    while (output.size() < block.size()) {
      const ssize_t size = ::read(ends[0], block.data(), block.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) break;
      output.append(block.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(ends[0]);
  if (failed != 0) return "";
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? output : "";
}

}  // namespace

std::string git_revision() {
  std::string revision = output_of({"git", "rev-parse", "HEAD", nullptr});
  while (!revision.empty() && revision.back() == '\n') revision.pop_back();
  const bool hexadecimal = std::all_of(revision.begin(), revision.end(), [](char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  });
  return hexadecimal && (revision.size() == 40 || revision.size() == 64) ? revision : "";
}

}  // namespace textlambda::command
