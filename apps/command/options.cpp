#include "command/options.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "textlambda/io/error.h"
#include "textlambda/text/edit_distance.h"

#include "command/config_file.h"

namespace textlambda::command {
namespace {

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

// CLI11 converts with strtoull(), which takes -1 for 2^64 - 1, and 2^64 too, and 010 for 8.
CLI::Validator whole_number() {
  CLI::Validator validator(
      [](std::string& given) {
        std::uint64_t number = 0;
        const char* const end = given.data() + given.size();
        const auto [read, error] = std::from_chars(given.data(), end, number);
        if (error != std::errc() || read != end) return "\"" + given + "\" given, expected a whole number from 0 on";
        given.erase(0, std::min(given.find_first_not_of('0'), given.size() - 1));
        return std::string();
      },
      "");
  return validator;
}

// An option that does not exist explains more than the required one it was meant to be.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  for (const std::string& extra : app.remaining()) {
    if (extra.rfind('-', 0) == 0 && extra != "-") return extra + ": no such option" + suggest(app, extra);
  }
  return error.what();
}

}  // namespace

// CLI11's help, with an example first and a line an option. --help fits a screen: where a command has too many options
// for that, those of every day; --help-all has all of them, in their groups.
class Options::HelpFormatter : public CLI::Formatter {
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
    if (is_positional || option->get_lnames().empty()) return CLI::Formatter::make_option_name(option, is_positional);
    // Of several long names the later ones are spellings of before.
    std::string name;
    for (const std::string& letter : option->get_snames()) name += "-" + letter + ",";
    return name + "--" + option->get_lnames().front();
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

// CLI11 reads the file of --config through this. What it holds besides options of the command is an error.
class Options::ConfigFormat : public CLI::Config {
 public:
  explicit ConfigFormat(CLI::App& app) : app_(app) {}

  std::string to_config(const CLI::App* /*app*/, bool /*defaults*/, bool /*descriptions*/,
                        std::string /*prefix*/) const override {
    return "";  // no command writes such a file
  }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    const std::string file = app_.get_config_ptr()->as<std::string>();
    std::vector<CLI::ConfigItem> given;
    for (Setting& setting : read_config(content_of(input), file)) {
      const std::string name = "--" + setting.key;
      const CLI::Option* const option = app_.get_option_no_throw(name);
      if (option == nullptr || !option->get_configurable()) {
        const std::string suggestion = option == nullptr ? suggest(app_, name) : "";
        throw io::Error(io::ErrorKind::usage, setting.key + ": no such option" + suggestion, file, setting.line);
      }
      const auto earlier = std::find_if(given.begin(), given.end(),
                                        [&](const CLI::ConfigItem& item) { return item.name == setting.key; });
      if (earlier != given.end()) {
        if (option->get_items_expected_max() < 2) {
          throw io::Error(io::ErrorKind::usage, name + ": given twice", file, setting.line);
        }
        earlier->inputs.insert(earlier->inputs.end(), setting.values.begin(), setting.values.end());
        continue;
      }
      if (option->empty()) lines_.emplace_back(name, setting.line);  // else the command line's is taken
      given.emplace_back();
      given.back().name = std::move(setting.key);
      given.back().inputs = std::move(setting.values);
    }
    return given;
  }

  // "FILE:LINE: " where `message` is about an option that the file gives; else nothing.
  std::string place_of(const std::string& message) const {
    for (const auto& [name, line] : lines_) {
      const std::size_t at = message.find(name);
      if (at == std::string::npos) continue;
      const std::size_t end = at + name.size();
      const bool longer =
          end < message.size() && (std::isalnum(static_cast<unsigned char>(message[end])) != 0 || message[end] == '-');
      if (!longer) return app_.get_config_ptr()->as<std::string>() + ":" + std::to_string(line) + ": ";
    }
    return "";
  }

 private:
  // A byte more than a file of options may have tells that it is too large.
  static std::string content_of(std::istream& input) {
    std::string content(kMostConfigBytes + 1, '\0');
    input.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(input.gcount()));
    return content;
  }

  CLI::App& app_;
  mutable std::vector<std::pair<std::string, std::uint64_t>> lines_;  // CLI11 calls from_config() once
};

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
  std::shared_ptr<ConfigFormat> config;
};

Options::Options(const std::string& name, const std::string& summary, const std::string& examples,
                 const std::string& notes)
    : parser_(new Parser{CLI::App(summary, name), std::make_shared<HelpFormatter>(examples), nullptr}) {
  CLI::App& app = parser_->app;
  parser_->config = std::make_shared<ConfigFormat>(app);
  app.config_formatter(parser_->config);
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
  return Option(parser_->app.add_option(name, value, help)->transform(whole_number()));
}
Option Options::add_option(const std::string& name, std::uint64_t& value, const std::string& help) {
  return Option(parser_->app.add_option(name, value, help)->transform(whole_number()));
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
  } catch (const CLI::FileError&) {
    struct stat status {};
    const std::string file = config_file();
    const bool missing = ::stat(file.c_str(), &status) != 0;
    if (missing) io::throw_system("cannot open", file, errno);
    io::throw_input(S_ISDIR(status.st_mode) ? "is a directory, expected a file of options" : "cannot be read", file);
  } catch (const CLI::ParseError& error) {
    const std::string message = explain(parser_->app, error);
    io::throw_usage(parser_->config->place_of(message) + message);
  }
  if (parser_->app.get_config_ptr()->count() > 0 && config_file().empty()) {
    io::throw_usage("--config: the name of the file is empty");
  }
  return true;
}

std::string Options::config_file() const {
  const CLI::Option* const option = parser_->app.get_config_ptr();
  return option->empty() ? "" : option->as<std::string>();
}

std::size_t Options::count(const std::string& name) const { return parser_->app.count(name); }

}  // namespace textlambda::command
