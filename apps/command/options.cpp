#include "command/options.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "textlambda/io/error.h"
#include "textlambda/text/edit_distance.h"

namespace textlambda::command {
namespace {

// CLI11's help, with an example first and a line an option. --help fits a screen: where a command has too many options
// for that, those of every day; --help-all has all of them, in their groups.
class HelpFormatter : public CLI::Formatter {
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

// "; did you mean --threads?", or nothing where no option is near.
std::string suggest(const CLI::App& app, const std::string& wrong) {
  const std::string bare = wrong.substr(0, wrong.find('='));
  std::string best;
  std::size_t distance = std::max<std::size_t>(2, bare.size() / 3) + 1;
  for (const CLI::Option* option : app.get_options()) {
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

// An option that does not exist explains more than the required one it was meant to be.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  for (const std::string& extra : app.remaining()) {
    if (extra.rfind('-', 0) == 0 && extra != "-") return extra + ": no such option" + suggest(app, extra);
  }
  return error.what();
}

}  // namespace

Option Option::required() const { return Option(option_->required()); }
Option Option::group(const std::string& name) const { return Option(option_->group(name)); }
Option Option::option_text(const std::string& text) const { return Option(option_->option_text(text)); }
Option Option::one_of(std::initializer_list<const char*> values) const {
  return Option(option_->check(CLI::IsMember(std::vector<std::string>(values.begin(), values.end()))));
}
Option Option::between(unsigned low, unsigned high) const { return Option(option_->check(CLI::Range(low, high))); }
Option Option::one_value_each() const { return Option(option_->allow_extra_args(false)); }
Option Option::expected(int least, int most) const { return Option(option_->expected(least, most)); }
Option Option::excludes(Option other) const { return Option(option_->excludes(other.option_)); }
Option Option::needs(Option other) const { return Option(option_->needs(other.option_)); }

struct Options::Parser {
  CLI::App app;
  std::shared_ptr<HelpFormatter> help;
};

Options::Options(const std::string& name, const std::string& summary, const std::string& examples,
                 const std::string& notes)
    : parser_(new Parser{CLI::App(summary, name), std::make_shared<HelpFormatter>(examples)}) {
  CLI::App& app = parser_->app;
  app.formatter(parser_->help);
  app.footer(notes);
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_help_all_flag("--help-all", "Print the help on all options and exit");
  app.set_version_flag("--version", name + " " TEXTLAMBDA_VERSION, "Print the version and exit");
  app.set_config("--config", "", "Read options from a TOML file");
}

Options::~Options() = default;

Option Options::add_option(const std::string& name, std::string& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, unsigned& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::uint64_t& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, double& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::vector<std::string>& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::optional<std::string>& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::optional<int>& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::optional<float>& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_option(const std::string& name, std::optional<double>& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help));
}
Option Options::add_flag(const std::string& name, bool& value, const std::string& help) {
  return Option(parser_->app.add_flag(name, value, help));
}

void Options::show_in_help(const std::vector<std::string>& options) {
  std::vector<std::string> shown = options;
  shown.insert(shown.end(), {"help", "help-all"});
  parser_->help->show(shown);
}

void Options::when_parsed(const std::function<void()>& action) { parser_->app.parse_complete_callback(action); }

bool Options::parse(int argc, char** argv) {
  try {
    parser_->app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    parser_->app.exit(success);
    return false;
  } catch (const CLI::FileError& error) {
    io::throw_input(error.what());
  } catch (const CLI::ParseError& error) {
    io::throw_usage(explain(parser_->app, error));
  }
  return true;
}

std::size_t Options::count(const std::string& name) const { return parser_->app.count(name); }

}  // namespace textlambda::command
