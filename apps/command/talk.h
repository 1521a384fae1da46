// What a command says on standard error, a line at a time, "textlambda-train: …". spdlog carries it. Thread-safe.
#pragma once

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace textlambda::command {

class Talk {
 public:
  // `name` stands in front of each line. Says notes and complaints until told otherwise.
  explicit Talk(const std::string& name);

  void be_quiet();    // complaints alone
  void be_verbose();  // details too

  // Each is one line, without its end; what a terminal would take for more than text is escaped (text/shown.h).
  void detail(const std::string& line) const;
  void note(const std::string& line) const;
  void complain(const std::string& line) const;

 private:
  void log(int level, const std::string& line) const;

  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace textlambda::command
