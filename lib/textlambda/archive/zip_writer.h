// A zip with the same bytes for the same files, whoever makes it, when and where: entries sorted by name, one fixed
// time (1980-01-01, the earliest a zip can hold), no owner, modes 0755 or 0644. Only another zlib may compress
// otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::archive {

struct ZipMember {
  std::string name;          // path inside the zip, '/' between folders
  std::string_view content;  // has to live until the zip is written
  bool executable = false;   // mode 0755, else 0644
};

// Throws Error(usage) for a name that is empty, absolute, not UTF-8, given twice, or has an empty, "." or ".." part, a
// backslash or a control character. Thread-safe.
std::string write_zip(std::vector<ZipMember> members);

}  // namespace textlambda::archive
