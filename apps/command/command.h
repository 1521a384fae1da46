// What every command has in common: the usual options, one line an error, the table of exit statuses.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "textlambda/io/executor.h"

#include "command/exit_status.h"
#include "command/options.h"
#include "command/talk.h"

namespace textlambda::command {

class Command {
 public:
  // `name` as typed; `summary` one line; `examples` whole lines shown first in --help, `notes` after the options.
  Command(const std::string& name, const std::string& summary, const std::string& examples,
          const std::string& notes = "");

  Options& options() { return options_; }
  const Options& options() const { return options_; }
  bool json() const { return json_; }
  bool quiet() const { return quiet_; }

  // See Options::show_in_help().
  void show_in_help(const std::vector<std::string>& options) { options_.show_in_help(options); }
  // Adds --json, which not every command has.
  void add_json_flag(const std::string& what);
  // Adds --threads, by default as many as there are. `executor` has them once the options are parsed.
  void add_threads_option(io::Executor& executor);

  // Parses, then calls `work`, whose result is the exit status; every exception becomes one line on stderr and a status
  // of the table.
  int run(int argc, char** argv, const std::function<int()>& work);

  // One line on stderr, "textlambda-train: …"; not under --quiet.
  void note(const std::string& line) const { talk_.note(line); }
  // The same, under --verbose alone.
  void detail(const std::string& line) const { talk_.detail(line); }
  // The same for what ends the command, under --quiet too. Returns the status.
  int complain(const std::string& line, ExitStatus status) const;

 private:
  Options options_;
  Talk talk_;
  std::string name_;
  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  unsigned threads_ = 0;  // --threads; 0: not given
};

// "0.1.0".
std::string version();

// Writes to standard output and flushes; throws Error(input_output) where it cannot, as on a full disk. The bytes as
// they are: for machines. Where whoever read has left (`… | head`) nothing is written any more, and what the command
// makes of its input stays its exit status.
void print(const std::string& text);
// Whether that is so: who has much more to print may end.
bool nobody_reads();
// The same for people: whatever a terminal or a CI service would take for more than text is escaped (text/shown.h). Who
// puts a line together shows the parts that others chose before, so that none of them ends it.
void print_text(const std::string& text);

// Writes to standard error and flushes. That nobody hears it is no reason to fail.
void say(const std::string& text);

}  // namespace textlambda::command
