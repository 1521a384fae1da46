#include "command/command.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <limits>
#include <new>
#include <vector>

#include <fmt/format.h>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/parallel.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::command {
namespace {

// CLI11's help, with an example first and everything within 80 columns or so.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string examples) : examples_(std::move(examples)) { column_width(32); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    return make_description(app) + "\n" + examples_ + "\n\n" + make_usage(app, std::move(name)) +
           make_positionals(app) + make_groups(app, mode) + make_footer(app);
  }

 private:
  std::string examples_;
};

extern "C" void end_by_signal(int signal) {
  io::remove_pending_files();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

Command::Command(const std::string& name, const std::string& summary, const std::string& examples,
                 const std::string& notes)
    : app_(summary, name), name_(name) {
  app_.formatter(std::make_shared<HelpFormatter>(examples));
  app_.footer(notes);
  app_.set_help_flag("-h,--help", "Print this help and exit");
  app_.set_version_flag("--version", name + " " TEXTLAMBDA_VERSION, "Print the version and exit");
  app_.set_config("--config", "", "Read options from a TOML file");
  app_.add_flag("-q,--quiet", quiet_, "Print nothing but results that were asked for, and errors");
}

void Command::add_json_flag(const std::string& what) { app_.add_flag("--json", json_, what); }

void Command::add_threads_option(unsigned& threads) {
  app_.add_option("--threads", threads, "Threads to use; never changes a result [all processors]")
      ->check(CLI::Range(1U, 1024U));
  app_.parse_complete_callback([&threads] {
    if (threads == 0) threads = io::available_threads();
  });
}

std::string Command::suggest(const std::string& wrong) const {
  if (wrong.rfind('-', 0) != 0) return "";
  const std::string bare = wrong.substr(0, wrong.find('='));
  std::string best;
  std::size_t distance = std::max<std::size_t>(2, bare.size() / 3) + 1;
  for (const CLI::Option* option : app_.get_options()) {
    for (const std::string& long_name : option->get_lnames()) {
      const std::string candidate = "--" + long_name;
      const std::size_t d = text::edit_distance(bare, candidate);
      if (d < distance) {
        distance = d;
        best = candidate;
      }
    }
  }
  return best.empty() ? "" : "; did you mean " + best + "?";
}

int Command::run(int argc, char** argv, const std::function<int()>& work) {
  std::signal(SIGINT, end_by_signal);
  std::signal(SIGTERM, end_by_signal);
  std::signal(SIGHUP, end_by_signal);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of print(), not a silent end
  try {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& success) {  // --help, --version
      app_.exit(success);
      return kDone;
    } catch (const CLI::FileError& error) {
      return complain(error.what(), kInputOutput);
    } catch (const CLI::ParseError& error) {
      // An option that does not exist explains more than the required one it was meant to be.
      for (const std::string& extra : app_.remaining()) {
        if (extra.rfind('-', 0) == 0 && extra != "-") {
          return complain(fmt::format("{}: no such option{}", extra, suggest(extra)), kUsage);
        }
      }
      return complain(error.what(), kUsage);
    }
    return work();
  } catch (const io::Error& error) {
    return complain(error.what(), status_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return complain("out of memory", kInputOutput);
  } catch (const std::exception& error) {
    return complain(fmt::format("internal error: {}", error.what()), kInternal);
  }
}

void Command::note(const std::string& line) const {
  if (!quiet_) fmt::print(stderr, "{}: {}\n", name_, line);
}

int Command::complain(const std::string& line, ExitStatus status) const {
  std::string one_line = line;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  fmt::print(stderr, "{}: {}{}\n", name_, one_line, status == kUsage ? fmt::format(" (see {} --help)", name_) : "");
  return status;
}

std::string version() { return TEXTLAMBDA_VERSION; }

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    io::throw_system("cannot write", "standard output", errno);
  }
}

}  // namespace textlambda::command
