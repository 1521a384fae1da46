#include "command/signals.h"

#include <signal.h>
#include <unistd.h>

#include <initializer_list>

#include "textlambda/io/lost_bytes.h"
#include "textlambda/io/pending_files.h"

#include "command/exit_status.h"

namespace textlambda::command {
namespace {

extern "C" void end_by_signal(int number) {
  io::remove_pending_files();
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(number, &action, nullptr);
  ::raise(number);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
  // The first process of a container, which no signal ends that it sends to itself.
  ::_exit(128 + number);
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

void handle_signals(const std::string& name) {
  struct sigaction action {};
  sigfillset(&action.sa_mask);
  action.sa_handler = end_by_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU}) {
    if (!is_ignored(number)) ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaction(number, &action, nullptr);
  io::end_on_lost_bytes(name, kInputOutput);
}

}  // namespace textlambda::command
