// The file of --config: a line an option, as TOML has them without tables, and as earlier versions took them (values
// without quotes, lists without brackets, a flag by its name alone). Read in one pass, in time linear in its length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::command {

struct Setting {
  std::string key;
  std::vector<std::string> values;
  std::uint64_t line = 0;  // 1-based, where the key stands
};

inline constexpr std::size_t kMostConfigBytes = std::size_t{1} << 20;

// Whatever is no setting throws Error(usage) that names `file` and the line. `content` of more than kMostConfigBytes is
// refused.
std::vector<Setting> read_config(std::string_view content, const std::string& file);

}  // namespace textlambda::command
