#include "textlambda/gate/baseline.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/canonical_json.h"
#include "textlambda/gate/row_file.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_lock.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/output_target.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRows;

using Json = nlohmann::json;

constexpr std::uint64_t kMostJsonBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kMostRowBytes = std::uint64_t{4} << 30;
constexpr std::size_t kHashInName = 16;
constexpr std::string_view kSchemaInQuotes = "\"textlambda-baseline\"";

// The fields of a file that nothing is known of.
class Fields {
 public:
  Fields(const Json& document, const std::string& file) : document_(document), file_(file) {}

  const Json& at(const char* pointer) const {
    const Json::json_pointer where(pointer);
    if (!document_.contains(where)) fail(pointer);
    return document_[where];
  }
  std::string text(const char* pointer) const {
    if (!at(pointer).is_string()) fail(pointer);
    return at(pointer).get<std::string>();
  }
  std::uint64_t count(const char* pointer) const {
    if (!at(pointer).is_number_unsigned()) fail(pointer);
    return at(pointer).get<std::uint64_t>();
  }
  double number(const char* pointer) const {
    if (!at(pointer).is_number()) fail(pointer);
    return at(pointer).get<double>();
  }
  std::vector<std::string> texts(const char* pointer) const {
    std::vector<std::string> result;
    if (!at(pointer).is_array()) fail(pointer);
    for (const Json& element : at(pointer)) {
      if (!element.is_string()) fail(pointer);
      result.push_back(element.get<std::string>());
    }
    return result;
  }

 private:
  [[noreturn]] void fail(const char* pointer) const {
    io::throw_input("is damaged: field " + std::string(pointer) + " is missing or of the wrong type", file_);
  }

  const Json& document_;
  const std::string& file_;
};

void check_schema(Json document, const std::string& path) {
  const auto schema = document.find("schema");
  if (schema == document.end() || *schema != "textlambda-baseline") {
    io::throw_input("is not a baseline: no \"schema\": \"textlambda-baseline\"", path);
  }
  const auto version = document.find("schema_version");
  if (version == document.end() || *version != kBaselineVersion) {
    io::throw_input("is a baseline of another version than " + std::to_string(kBaselineVersion) +
                        ": made by another version of textlambda, --update-baseline makes a new one",
                    path);
  }
  const auto digest = document.find("digest");
  const Json written = digest == document.end() ? Json(nullptr) : *digest;
  document.erase("digest");
  if (written != encoding::sha256_hex(canonical_json(document))) {
    io::throw_input("is damaged or was changed by hand: its digest does not match", path);
  }
}

RunIdentity read_identity(const Fields& fields, const std::string& path) {
  RunIdentity identity;
  identity.name = path;
  identity.tool_version = fields.text("/tool_version");
  identity.git_revision = fields.text("/git_revision");
  identity.model_sha256 = fields.text("/model/sha256");
  identity.configuration_sha256 = fields.text("/model/configuration_sha256");
  identity.training_sha256 = fields.text("/model/training_sha256");
  identity.temperature = fields.number("/model/temperature");
  identity.test_sha256 = fields.text("/test/sha256");
  identity.predictions_digest = fields.text("/predictions_digest");
  return identity;
}

GateSettings read_settings(const Fields& fields, const std::string& path) {
  GateSettings settings;
  settings.max_drop = fields.texts("/settings/max_drop");
  settings.min = fields.texts("/settings/min");
  settings.max = fields.texts("/settings/max");
  if (!fields.at("/settings/alpha").is_null()) settings.alpha = fields.number("/settings/alpha");
  settings.on_inconclusive = fields.text("/settings/on_inconclusive");
  settings.slices = fields.texts("/settings/slices");
  settings.cluster_by = fields.text("/settings/cluster_by");
  try {
    parse_rules(settings);
  } catch (const io::Error& error) {
    // Typed by nobody now: the file is at fault, not the command line.
    io::throw_input(std::string("is damaged: its settings: ") + error.what(), path);
  }
  return settings;
}

// Where the path is a symbolic link, the files are beside what it points to, or will point to.
std::string without_links(const std::string& path) {
  std::error_code missing;
  const std::filesystem::path real = std::filesystem::canonical(path, missing);
  return missing ? io::resolve_output(path).path : real.string();
}

std::filesystem::path folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

JudgedRows read_rows(const Fields& fields, const std::string& path) {
  const std::string name = fields.text("/rows/file");
  if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..") {
    io::throw_input("is damaged: its rows are expected in a file beside it", path);
  }
  const std::string rows_path = (folder_of(without_links(path)) / name).string();
  const io::MappedFile file = io::MappedFile::open(rows_path);
  if (encoding::sha256_hex(file.view()) != fields.text("/rows/sha256")) {
    io::throw_input("is damaged or belongs to another baseline than " + path + ": its SHA-256 is another", rows_path);
  }
  JudgedRows rows = read_row_file(file.view(), rows_path, std::min(fields.count("/rows/content_bytes"), kMostRowBytes));
  if (rows.rows.size() != fields.count("/test/rows") ||
      predictions_digest(rows) != fields.text("/predictions_digest")) {
    io::throw_input("does not fit " + path, rows_path);
  }
  const std::string set = "test set of " + path;
  for (std::string& input : rows.inputs) input = rows.inputs.size() == 1 ? set : set + ", " + input;
  return rows;
}

// "data/main.json" → "main".
std::string stem_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

bool is_rows_name(const std::string& name, const std::string& stem) {
  const std::string begin = stem + ".rows.";
  return name.size() == begin.size() + kHashInName + 4 && name.compare(0, begin.size(), begin) == 0 &&
         name.compare(name.size() - 4, 4, ".zst") == 0;
}

// The rows that the baseline now in place names.
std::string rows_name(const std::string& path) {
  try {
    const archive::InputBytes bytes = archive::InputBytes::open(path, kMostJsonBytes);
    return Fields(read_json(bytes.view(), path), path).text("/rows/file");
  } catch (const io::Error&) {
    return "";  // none, or damaged
  }
}

// Whether a baseline beside `path` names the same rows: a copy of it under another name, or one of the same run.
bool is_named_beside(const std::string& name, const std::string& path) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder_of(path), failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    const std::filesystem::path& other = entry->path();
    if (other.filename() == std::filesystem::path(path).filename() || !entry->is_regular_file(ignored) ||
        entry->file_size(ignored) > kMostJsonBytes) {
      continue;
    }
    try {
      const io::MappedFile file = io::MappedFile::open(other.string());
      const std::string_view content = file.view();
      if (content.starts_with('{') && content.find(kSchemaInQuotes) != std::string_view::npos &&
          content.find('"' + name + '"') != std::string_view::npos) {
        return true;
      }
    } catch (const io::Error&) {
      continue;  // it cannot be read: nor can a gate read it
    }
  }
  return false;
}

Baseline parse_baseline(std::string_view json, const std::string& path) {
  const Json document = read_json(json, path);
  check_schema(document, path);
  const Fields fields(document, path);
  Baseline baseline;
  baseline.identity = read_identity(fields, path);
  baseline.settings = read_settings(fields, path);
  baseline.rows = read_rows(fields, path);
  return baseline;
}

// The rows before the JSON that names them; those of the baseline before stay, since who else names them is not looked
// for there.
void write_remote_baseline(const std::string& path, const Baseline& baseline) {
  const RowFile rows = write_row_file(baseline.rows, path);
  const std::string name = stem_of(path) + ".rows." + encoding::sha256_hex(rows.bytes).substr(0, kHashInName) + ".zst";
  io::write_file((folder_of(path) / name).string(), rows.bytes);
  io::write_file(path, baseline_json(baseline, name, rows));
}

}  // namespace

Baseline read_baseline(const std::string& path) {
  constexpr int kMostTries = 100;
  for (int tries = 1;; ++tries) {
    const archive::InputBytes bytes = archive::InputBytes::open(path, kMostJsonBytes);
    try {
      return parse_baseline(bytes.view(), path);
    } catch (const io::Error&) {
      // Replaced between the reading of its two files: the rows that the new JSON names are there.
      if (tries == kMostTries || archive::InputBytes::open(path, kMostJsonBytes).view() == bytes.view()) throw;
    }
  }
}

std::string rows_path(const std::string& path) {
  const std::string name = path.empty() ? "" : rows_name(path);
  return name.empty() || name.find('/') != std::string::npos ? "" : (folder_of(without_links(path)) / name).string();
}

void require_writable(const std::string& path) {
  if (path.empty()) io::throw_input("the name of the baseline is empty");
  const bool remote = io::remote_files_for(path) != nullptr;
  if (remote && !io::exists(path)) return;
  std::error_code missing;
  const std::filesystem::file_status status = std::filesystem::status(path, missing);
  if (!remote && !std::filesystem::exists(status)) {
    const std::filesystem::path folder = std::filesystem::path(without_links(path)).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, missing)) {
      io::throw_input("cannot write: there is no folder " + folder.string(), path);
    }
    return;
  }
  if (!remote && !std::filesystem::is_regular_file(status)) {
    io::throw_input("is not a regular file: a baseline is two files side by side", path);
  }
  const io::MappedFile file = io::MappedFile::open(path);
  if (!file.view().empty() && file.view().find(kSchemaInQuotes) == std::string_view::npos) {
    io::throw_input("is not a baseline and would be overwritten: remove it first if that is meant", path);
  }
}

void write_baseline(const std::string& path, const Baseline& baseline) {
  require_writable(path);
  if (io::remote_files_for(path) != nullptr) return write_remote_baseline(path, baseline);
  const std::string target = without_links(path);
  const std::filesystem::path folder = folder_of(target);
  constexpr unsigned kPatience = 60;  // seconds; another run's writing takes a moment
  const io::FileLock lock(folder.string(), kPatience);
  const RowFile rows = write_row_file(baseline.rows, target);
  const std::string name =
      stem_of(target) + ".rows." + encoding::sha256_hex(rows.bytes).substr(0, kHashInName) + ".zst";
  std::string old_name = rows_name(target);
  if (!is_rows_name(old_name, stem_of(target))) old_name.clear();
  io::write_file((folder / name).string(), rows.bytes, target);
  try {
    io::write_file(target, baseline_json(baseline, name, rows));
  } catch (...) {
    if (old_name != name && !is_named_beside(name, target)) ::unlink((folder / name).c_str());
    throw;
  }
  if (!old_name.empty() && old_name != name && !is_named_beside(old_name, target)) {
    ::unlink((folder / old_name).c_str());
  }
}

void read_card(std::string_view card, RunIdentity& identity) {
  const Json parsed = Json::parse(card.begin(), card.end(), nullptr, false);
  if (!parsed.is_object()) return;
  const auto text = [&](const char* key) {
    const auto found = parsed.find(key);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  identity.configuration_sha256 = text("configuration_sha256");
  identity.training_sha256 = text("corpus_sha256");
}

}  // namespace textlambda::gate
