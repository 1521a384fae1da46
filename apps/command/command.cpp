#include "command/command.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <vector>

#include <fmt/format.h>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"

namespace textlambda::command {
namespace {

extern "C" void end_by_signal(int signal) {
  io::remove_pending_files();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

Command::Command(const std::string& name, const std::string& summary, const std::string& examples,
                 const std::string& notes)
    : options_(name, summary, examples, notes), talk_(name), name_(name) {
  const Option quiet =
      options_.add_flag("-q,--quiet", quiet_, "Print nothing but results that were asked for, and errors");
  options_.add_flag("-v,--verbose", verbose_, "Also say how inputs are read and how long each stage takes")
      .excludes(quiet);
}

void Command::add_json_flag(const std::string& what) { options_.add_flag("--json", json_, what); }

void Command::add_threads_option(io::Executor& executor) {
  options_.add_option("--threads", threads_, "Threads to use; never changes a result [all processors]")
      .between(1, 1024);
  options_.when_parsed(
      [this, &executor] { executor = io::Executor(threads_ > 0 ? threads_ : io::available_threads()); });
}

int Command::run(int argc, char** argv, const std::function<int()>& work) {
  std::signal(SIGINT, end_by_signal);
  std::signal(SIGTERM, end_by_signal);
  std::signal(SIGHUP, end_by_signal);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of print(), not a silent end
  try {
    if (!options_.parse(argc, argv)) return kDone;
    if (quiet_) talk_.be_quiet();
    if (verbose_) talk_.be_verbose();
    return work();
  } catch (const io::Error& error) {
    return complain(error.what(), status_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return complain("out of memory", kInputOutput);
  } catch (const std::exception& error) {
    return complain(fmt::format("internal error: {}", error.what()), kInternal);
  }
}

int Command::complain(const std::string& line, ExitStatus status) const {
  std::string one_line = line;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  if (status == kUsage) one_line += fmt::format(" (see {} --help)", name_);
  talk_.complain(one_line);
  return status;
}

std::string version() { return TEXTLAMBDA_VERSION; }

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    io::throw_system("cannot write", "standard output", errno);
  }
}

}  // namespace textlambda::command
