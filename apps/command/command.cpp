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

extern "C" void end_by_signal(int signal) {
  io::remove_pending_files();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

// CLI11's help, with an example first and a line an option. --help fits a screen: where a command has too many options
// for that, those of every day; --help-all has all of them, in their groups.
class Command::HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string examples) : examples_(std::move(examples)) { column_width(32); }

  void show(const std::vector<std::string>& options) { shown_ = options; }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    std::string help =
        make_description(app) + "\n" + examples_ + "\n\n" + make_usage(app, std::move(name)) + make_positionals(app);
    if (mode == CLI::AppFormatMode::All || shown_.empty()) {
      help += all_groups(app);
    } else {
      help +=
          make_group("Options", false, app->get_options([this](const CLI::Option* option) { return shows(*option); }));
    }
    return help + (app->get_footer().empty() ? "" : "\n" + app->get_footer() + "\n");
  }

  // What it is set to, without CLI11's remarks on it: the descriptions have them, and "{false}" of a flag is inside
  // talk.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (!option->get_option_text().empty()) return " " + option->get_option_text();
    const std::string type = option->get_type_name();
    return option->get_type_size() == 0 ? "" : " " + type.substr(0, type.find_first_of(":{"));
  }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, is_positional);
    return name.substr(0, name.find('{'));
  }

 private:
  // As make_groups() does, with one empty line between them.
  std::string all_groups(const CLI::App* app) const {
    std::string groups;
    for (const std::string& group : app->get_groups()) {
      const std::vector<const CLI::Option*> options = app->get_options(
          [&](const CLI::Option* option) { return option->get_group() == group && option->nonpositional(); });
      if (!group.empty() && !options.empty()) groups += make_group(group, false, options);
    }
    return groups;
  }

  bool shows(const CLI::Option& option) const {
    const std::vector<std::string>& names = option.get_lnames();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::find(shown_.begin(), shown_.end(), name) != shown_.end();
    });
  }

  std::string examples_;
  std::vector<std::string> shown_;
};

Command::Command(const std::string& name, const std::string& summary, const std::string& examples,
                 const std::string& notes)
    : app_(summary, name), help_(std::make_shared<HelpFormatter>(examples)), name_(name) {
  app_.formatter(help_);
  app_.footer(notes);
  app_.set_help_flag("-h,--help", "Print this help and exit");
  app_.set_help_all_flag("--help-all", "Print the help on all options and exit");
  app_.set_version_flag("--version", name + " " TEXTLAMBDA_VERSION, "Print the version and exit");
  app_.set_config("--config", "", "Read options from a TOML file");
  app_.add_flag("-q,--quiet", quiet_, "Print nothing but results that were asked for, and errors");
}

void Command::show_in_help(const std::vector<std::string>& options) {
  std::vector<std::string> shown = options;
  shown.insert(shown.end(), {"help", "help-all"});
  help_->show(shown);
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
