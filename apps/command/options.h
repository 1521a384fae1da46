// Declaring and reading a command's options. CLI11 is behind it, in one object: its templates are most of what building
// a command took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace textlambda::command {

// An option that has been declared: what else is to be said of it. A handle, to be copied freely; it lives no longer
// than the Options it comes from.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option required() const;
  // The heading that --help lists it under.
  Option group(const std::string& name) const;
  // What --help shows for its value, in place of its type.
  Option option_text(const std::string& text) const;
  Option one_of(std::initializer_list<const char*> values) const;
  Option between(unsigned low, unsigned high) const;
  // One value an occurrence: what follows is not another one.
  Option one_value_each() const;
  Option expected(int least, int most) const;
  Option excludes(Option other) const;
  Option needs(Option other) const;

 private:
  CLI::Option* option_;
};

class Options {
 public:
  // `name` as typed; `summary` one line; `examples` whole lines shown first in --help, `notes` after the options.
  Options(const std::string& name, const std::string& summary, const std::string& examples, const std::string& notes);
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options();

  // `name`: "-m,--model", or "file" for an argument without a name. `value` is written by parse() and has to live until
  // then; a vector makes the option repeatable.
  Option add_option(const std::string& name, std::string& value, const std::string& help);
  Option add_option(const std::string& name, unsigned& value, const std::string& help);
  Option add_option(const std::string& name, std::uint64_t& value, const std::string& help);
  Option add_option(const std::string& name, double& value, const std::string& help);
  Option add_option(const std::string& name, std::vector<std::string>& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<std::string>& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<int>& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<float>& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<double>& value, const std::string& help);
  // "!--no-x" makes it false.
  Option add_flag(const std::string& name, bool& value, const std::string& help);

  // The long names of the options that --help lists; --help-all lists all of them. Without it, both do.
  void show_in_help(const std::vector<std::string>& options);
  // Called once everything is read and before parse() returns.
  void when_parsed(const std::function<void()>& action);

  // False where --help or --version was asked for and is printed. Throws Error: usage (for a file of --config with its
  // name and line), or input_output for one that cannot be read.
  bool parse(int argc, char** argv);
  // The file of --config; empty without one.
  std::string config_file() const;
  // How often an option was given.
  std::size_t count(const std::string& name) const;

 private:
  class HelpFormatter;
  class ConfigFormat;
  struct Parser;

  std::unique_ptr<Parser> parser_;
};

}  // namespace textlambda::command
