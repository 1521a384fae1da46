#include "textlambda/aws/shared_config.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "textlambda/http/message.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/text/utf8.h"

namespace textlambda::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kMostConfigBytes = std::size_t{1} << 20;

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// A comment begins a line, or stands behind a blank.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool marks = text[i] == '#' || text[i] == ';';
    if (marks && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) return text.substr(0, i);
  }
  return text;
}

class SectionReader {
 public:
  SectionReader(std::string_view content, const std::string& file) : left_(content), file_(file) {}

  std::vector<ConfigSection> read() {
    left_ = text::without_byte_order_mark(left_);
    while (!left_.empty()) {
      ++line_;
      const std::string_view line = left_.substr(0, left_.find('\n'));
      left_.remove_prefix(std::min(left_.size(), line.size() + 1));
      read_line(line);
    }
    return std::move(sections_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { io::throw_input(what, file_, line_); }

  void read_line(std::string_view line) {
    const bool indented = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    const std::string_view content = without_blanks(without_comment(line));
    if (content.empty()) return;
    if (content.front() == '[' && !indented) return begin_section(content);
    if (sections_.empty()) fail("expected a section such as [default] before anything else");
    const std::size_t equals = content.find('=');
    if (equals == std::string_view::npos || without_blanks(content.substr(0, equals)).empty()) {
      // What is shown of it may be a secret.
      fail("expected [SECTION], a comment, or NAME = VALUE");
    }
    std::string name = http::lower_case(without_blanks(content.substr(0, equals)));
    const std::string_view value = without_blanks(content.substr(equals + 1));
    if (indented && !parent_.empty()) {
      name = parent_ + "." + name;
    } else {
      parent_ = value.empty() ? name : "";
    }
    sections_.back().values[name] = {std::string(value), file_, line_};
  }

  void begin_section(std::string_view content) {
    if (content.back() != ']') fail("a section's bracket is not closed");
    const std::string_view name = without_blanks(content.substr(1, content.size() - 2));
    if (name.empty()) fail("a section without a name");
    sections_.push_back({std::string(name), {}});
    parent_.clear();
  }

  std::string_view left_;
  const std::string& file_;
  std::uint64_t line_ = 0;
  std::string parent_;  // a name without a value, whose own are indented
  std::vector<ConfigSection> sections_;
};

std::vector<ConfigSection> sections_of(const std::string& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return {};
  const io::MappedFile file = io::MappedFile::open(path);
  if (file.view().size() > kMostConfigBytes) {
    io::throw_input(fmt::format("is larger than the {} bytes that a file of profiles may have", kMostConfigBytes),
                    path);
  }
  return read_config_sections(file.view(), path);
}

std::string path_of_file(const Surroundings& surroundings, const char* variable, const char* usual) {
  std::string path = surroundings.variable(variable);
  if (path.empty()) path = usual;
  if (!path.starts_with("~/")) return path;
  const std::string home = surroundings.variable("HOME");
  return home.empty() ? "" : home + path.substr(1);
}

// "[default]", "[profile NAME]", and in the credentials file "[NAME]".
bool is_profile(std::string_view section, std::string_view name, bool in_config) {
  constexpr std::string_view kProfile = "profile";
  if (section.starts_with(kProfile) && section.size() > kProfile.size() &&
      kBlanks.find(section[kProfile.size()]) != std::string_view::npos) {
    return without_quotes(without_blanks(section.substr(kProfile.size()))) == name;
  }
  return section == name && (!in_config || name == "default");
}

bool is_services(std::string_view section, std::string_view name) {
  constexpr std::string_view kServices = "services ";
  return section.starts_with(kServices) && without_quotes(without_blanks(section.substr(kServices.size()))) == name;
}

void merge(const std::map<std::string, ConfigValue>& from, std::map<std::string, ConfigValue>& into) {
  for (const auto& [name, value] : from) into[name] = value;
}

}  // namespace

std::vector<ConfigSection> read_config_sections(std::string_view content, const std::string& file) {
  return SectionReader(content, file).read();
}

std::string Profile::text(const std::string& key) const {
  const ConfigValue* const value = find(key);
  return value == nullptr ? "" : value->text;
}

const ConfigValue* Profile::find(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

Profile read_profile(const Surroundings& surroundings) {
  const std::string config = path_of_file(surroundings, "AWS_CONFIG_FILE", "~/.aws/config");
  const std::string credentials = path_of_file(surroundings, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  std::string asked = surroundings.variable("AWS_PROFILE");
  if (asked.empty()) asked = surroundings.variable("AWS_DEFAULT_PROFILE");
  Profile profile;
  if (!asked.empty()) profile.name = asked;
  bool found = false;
  const std::vector<ConfigSection> in_config = sections_of(config);
  for (const ConfigSection& section : in_config) {
    if (!is_profile(section.name, profile.name, true)) continue;
    merge(section.values, profile.values);
    found = true;
  }
  for (const ConfigSection& section : sections_of(credentials)) {
    if (!is_profile(section.name, profile.name, false)) continue;
    merge(section.values, profile.values);
    found = true;
  }
  if (!found && !asked.empty()) {
    io::throw_input(
        fmt::format("AWS_PROFILE names the profile \"{}\", which is in neither {} nor {}", asked, config, credentials));
  }
  if (const ConfigValue* const services = profile.find("services"); services != nullptr) {
    for (const ConfigSection& section : in_config) {
      if (is_services(section.name, services->text)) merge(section.values, profile.services);
    }
  }
  return profile;
}

}  // namespace textlambda::aws
