#include "command/command.h"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "textlambda/aws/s3_files.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/io/standard_descriptors.h"
#include "textlambda/text/shown.h"

#include "command/collections.h"
#include "command/signals.h"
#include "command/terminal.h"

namespace textlambda::command {
namespace {

// What s3://BUCKET/KEY means wherever a file is named. Nothing is read of the account before such a name is used.
aws::S3Files& files_in_s3() {
  static aws::S3Files files(
      [] { return std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{}); });
  return files;
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
  io::open_standard_descriptors();
  handle_signals(name_);
  io::set_remote_files({&files_in_s3(), &collections()});
  collections().set_note([this](const std::string& line) { note(line); });
  try {
    if (!options_.parse(argc, argv)) return kDone;
    if (quiet_) talk_.be_quiet();
    if (verbose_) talk_.be_verbose();
    return work();
  } catch (const io::Error& error) {
    return complain(error.what(), status_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return complain("out of memory", kInputOutput);
  } catch (const std::filesystem::filesystem_error& error) {
    // What the system refuses is no error of the program's: a folder that is gone, a name that is too long.
    return complain(fmt::format("{}: {}", error.path1().string(), error.code().message()), kInputOutput);
  } catch (const std::system_error& error) {
    return complain(error.what(), kInputOutput);
  } catch (const std::exception& error) {
    return complain(fmt::format("internal error: {}", error.what()), kInternal);
  }
}

int Command::complain(const std::string& line, ExitStatus status) const {
  talk_.complain(status == kUsage ? fmt::format("{} (see {} --help)", line, name_) : line);
  return status;
}

std::string version() { return TEXTLAMBDA_VERSION; }

namespace {

bool reader_left = false;

}  // namespace

void print(const std::string& text) {
  if (reader_left) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  if (errno != EPIPE) io::throw_system("cannot write", "standard output", errno);
  reader_left = true;
}

bool nobody_reads() { return reader_left; }

void print_text(const std::string& text) { print(for_stdout(text::shown_lines(text))); }

void say(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace textlambda::command
