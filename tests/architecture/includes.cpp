#include "tests/architecture/includes.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace textlambda::architecture {
namespace {

namespace fs = std::filesystem;

// A third-party library: headers that start with `prefix` belong to it, the first match counts. The places are layers
// and "apps"; none means everywhere. This is the table of dependencies; a library that is not in it is not used.
struct Library {
  std::string_view prefix;
  std::set<std::string_view> places;
  bool sources_only = false;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"CLI/", {"apps"}},
      {"Eigen/", {"model", "train", "topics"}},
      {"unsupported/Eigen/", {"model", "train"}},
      {"nlohmann/json_fwd.hpp", {}},  // declares, and costs next to nothing
      {"nlohmann/", {}, true},
      {"simdjson.h", {"corpus"}},
      {"spdlog/", {"apps", "runtime", "emulator"}},
      {"fmt/", {}},
      {"utf8proc.h", {"text", "report"}},
      {"xxhash.h", {"features", "io", "model", "telemetry"}},
      {"xxh3.h", {"features", "io", "model"}},
      {"boost/beast", {"http", "server", "emulator", "tls"}},
      {"boost/asio", {"http", "server", "emulator"}},
      {"boost/", {"stats", "http", "server", "emulator"}},
      {"archive.h", {"archive"}},
      {"archive_entry.h", {"archive"}},
      {"nettle/", {"encoding", "signing"}},
      {"mbedtls/", {"tls"}},
      {"psa/", {"tls"}},
      {"openssl/", {"tls"}},
      {"pugixml.hpp", {"aws"}},
      {"mongoc/", {"mongodb"}},
      {"bson/", {"mongodb"}},
      {"toml++/", {"emulator"}},
      {"zlib.h", {"archive", "aws", "encoding"}},
  };
  return kLibraries;
}

// The C and POSIX headers that need no library.
bool is_system_header(const std::string& path) {
  if (path.find_first_of("./") == std::string::npos) return true;  // <vector>
  static const std::set<std::string_view> kNames = {
      "cpuid.h",   "dirent.h", "dlfcn.h",  "elf.h",       "endian.h",  "errno.h",    "fcntl.h",  "float.h",
      "fnmatch.h", "glob.h",   "iconv.h",  "immintrin.h", "limits.h",  "link.h",     "locale.h", "malloc.h",
      "math.h",    "netdb.h",  "nss.h",    "poll.h",      "pthread.h", "sched.h",    "signal.h", "spawn.h",
      "stdio.h",   "stdlib.h", "string.h", "termios.h",   "time.h",    "ucontext.h", "unistd.h"};
  static const std::array<std::string_view, 4> kFolders = {"sys/", "netinet/", "arpa/", "linux/"};
  return kNames.contains(path) || std::any_of(kFolders.begin(), kFolders.end(),
                                              [&](std::string_view folder) { return path.starts_with(folder); });
}

// lib/textlambda/io/error.h → io; apps/x.cpp → apps; tests/... → tests.
std::string place_of(const fs::path& file) {
  auto part = file.begin();
  if (*part != "lib") return part->string();
  std::advance(part, 2);
  return part->string();
}

std::string joined(const std::set<std::string_view>& places) {
  std::string text;
  for (const std::string_view place : places) text.append(text.empty() ? "" : ", ").append(place);
  return text;
}

std::string third_party_objection(const Include& include, const std::string& place) {
  if (is_system_header(include.path)) return "";
  const auto& table = libraries();
  const auto library = std::find_if(table.begin(), table.end(),
                                    [&](const Library& each) { return include.path.starts_with(each.prefix); });
  if (library == table.end()) return "not in the table of dependencies (tests/architecture/includes.cpp)";
  if (!library->places.empty() && !library->places.contains(place)) {
    return "this library is for " + joined(library->places);
  }
  if (library->sources_only && include.file.extension() != ".cpp") return "this library is for .cpp files";
  return "";
}

std::string layer_objection(const Include& include, const std::string& place, const Layers& layers) {
  const std::string rest = include.path.substr(std::string_view("textlambda/").size());
  const std::string target = rest.substr(0, rest.find('/'));
  if (!layers.contains(target)) return target + " is not a layer";
  if (place == "apps" || place == target || layers.at(place).contains(target)) return "";
  return place + " may not use " + target + ": it is not in its LAYERS";
}

bool is_source(const fs::path& path) {
  static const std::set<std::string> kExtensions = {".h", ".cpp", ".inc"};
  return kExtensions.contains(path.extension().string());
}

// The path and quoting of an #include line; no path for any other line.
Include parse_include(std::string_view line) {
  constexpr std::string_view kBlank = " \t";
  const auto skip = [&](std::string_view word) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    if (!line.starts_with(word)) return false;
    line.remove_prefix(word.size());
    return true;
  };
  Include include;
  if (!skip("#") || !skip("include") || !skip("")) return include;
  include.quoted = line.starts_with('"');
  if (!include.quoted && !line.starts_with('<')) return include;
  line.remove_prefix(1);
  include.path = line.substr(0, line.find(include.quoted ? '"' : '>'));
  return include;
}

}  // namespace

std::vector<Include> read_includes(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* folder : {"lib", "apps", "tests"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (is_source(entry.path())) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<Include> includes;
  for (const fs::path& path : files) {
    std::ifstream file(path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      Include include = parse_include(line);
      if (include.path.empty()) continue;
      include.file = path.lexically_relative(root);
      include.line = number;
      includes.push_back(std::move(include));
    }
  }
  return includes;
}

std::string objection(const Include& include, const Layers& layers) {
  const std::string place = place_of(include.file);
  if (include.path.find("apps/") != std::string::npos && place != "apps") return "nothing includes apps/";
  if (place == "tests") return "";
  if (include.path.starts_with("textlambda/")) return layer_objection(include, place, layers);
  if (include.path.starts_with("tests/")) return "nothing but tests includes tests";
  if (include.quoted && place == "apps") return "";
  if (include.quoted &&
      (include.path.find('/') == std::string::npos || include.path.front() == '/' || include.path.front() == '.')) {
    return "include it as \"textlambda/<layer>/...\"";
  }
  return third_party_objection(include, place);
}

std::string idle_arrows(const fs::path& root) {
  Layers idle = read_layers(root);
  for (const Include& include : read_includes(root)) {
    const auto layer = idle.find(place_of(include.file));
    if (layer == idle.end() || !include.path.starts_with("textlambda/")) continue;
    const std::string rest = include.path.substr(std::string_view("textlambda/").size());
    layer->second.erase(rest.substr(0, rest.find('/')));
  }
  std::string text;
  for (const auto& [layer, below] : idle) {
    for (const std::string& name : below) text += layer + " names " + name + " and includes nothing of it\n";
  }
  return text;
}

std::string forbidden_includes(const fs::path& root) {
  const Layers layers = read_layers(root);
  std::string text;
  for (const Include& include : read_includes(root)) {
    const std::string reason = objection(include, layers);
    if (reason.empty()) continue;
    text += include.file.string() + ':' + std::to_string(include.line) + ": #include " + include.path + ": " + reason +
            '\n';
  }
  return text;
}

}  // namespace textlambda::architecture
