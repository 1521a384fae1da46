// AWS's shared files, ~/.aws/config and ~/.aws/credentials (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE), as the aws
// command and the SDKs read them: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
// Plain values; reading is thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/aws/surroundings.h"

namespace textlambda::aws {

struct ConfigValue {
  std::string text;
  std::string file;        // where it stands, for messages
  std::uint64_t line = 0;  // 1-based
};

struct ConfigSection {
  std::string name;                           // what is between the brackets
  std::map<std::string, ConfigValue> values;  // by the name in lower case; "s3.endpoint_url" for one that is indented
};

// The sections of one file; of a section or a name that repeats the last counts. Throws Error(input_output) that names
// `file` and the line of what is no section, comment or NAME = VALUE.
std::vector<ConfigSection> read_config_sections(std::string_view content, const std::string& file);

// The profile that AWS_PROFILE names, or "default", out of both files.
struct Profile {
  std::string name = "default";
  std::map<std::string, ConfigValue> values;    // the credentials file's before the config file's
  std::map<std::string, ConfigValue> services;  // of the section that its "services" names: "s3.endpoint_url"

  // Empty where it is not there.
  std::string text(const std::string& key) const;
  const ConfigValue* find(const std::string& key) const;
};

// A file that is not there has nothing in it. Throws Error(input_output) for one that cannot be read, and where a
// profile is asked for by name that neither has.
Profile read_profile(const Surroundings& surroundings);

}  // namespace textlambda::aws
