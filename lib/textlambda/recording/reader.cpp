#include "textlambda/recording/reader.h"

#include <sys/stat.h>

#include <exception>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/archive/zip_reader.h"
#include "textlambda/io/error.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/json/pointer.h"

namespace textlambda::recording {
namespace {

using Deliver = std::function<bool(Recording&&)>;
using Share = std::function<void(double)>;

constexpr std::uint64_t kMaxExpectedBytes = std::uint64_t{16} << 20;

double file_size(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<double>(status.st_size) : 0;
}

// Without the file's name in front, which the recording has.
std::string reason_of(const io::Error& error, const std::string& file) {
  std::string reason = error.what();
  if (reason.rfind(file + ": ", 0) == 0) reason.erase(0, file.size() + 2);
  return reason;
}

class FileReader {
 public:
  FileReader(const ReadOptions& options, const Deliver& deliver, ReadSummary& summary)
      : options_(options), deliver_(deliver), summary_(summary) {}

  // False to stop.
  bool read(const std::string& path, const std::function<void(double)>& share) {
    ++summary_.files;
    const std::string name = path == "-" ? "standard input" : path;
    try {
      const archive::InputBytes bytes = archive::InputBytes::open(path, options_.max_input_bytes);
      if (archive::is_zip(bytes.view())) return zip(bytes.view(), name);
      const bool plain = bytes.is_mapped() || bytes.view().empty();
      const bool remote = io::remote_files_for(path) != nullptr;
      const Origin origin = path == "-" ? Origin::standard_input
                            : remote    ? Origin::remote
                            : plain     ? Origin::file
                                        : Origin::compressed;
      return text(bytes, name, origin, path, share);
    } catch (const io::Error& error) {
      return unreadable(name, reason_of(error, name));
    }
  }

 private:
  bool unreadable(const std::string& name, std::string reason) {
    ++summary_.unreadable_files;
    Recording recording;
    recording.file = name;
    recording.bad_reason = std::move(reason);
    recording.unreadable = true;
    return deliver_(std::move(recording));
  }

  bool text(const archive::InputBytes& bytes, const std::string& name, Origin origin, const std::string& path,
            const std::function<void(double)>& share) {
    const std::string_view view = bytes.view();
    std::size_t released = 0;
    const auto position = [&](std::size_t offset) {
      // Everything delivered so far was copied.
      const std::size_t behind = offset & ~((std::size_t{1} << 20) - 1);
      bytes.release(released, behind - released);
      released = behind;
      if (share) share(static_cast<double>(offset) / static_cast<double>(view.size()));
    };
    return document(
        view, name, origin, [&] { return expected_beside(path); }, position);
  }

  // `expected()` gives the response beside the file, where its only value is a bare event.
  bool document(std::string_view view, const std::string& name, Origin origin,
                const std::function<std::optional<std::string>()>& expected,
                const std::function<void(std::size_t)>& position) {
    if (const std::string_view fault = text_fault(view); !fault.empty()) return unreadable(name, std::string(fault));
    bool more = true;
    Recording pattern;
    pattern.file = name;
    pattern.origin = origin;
    const auto deliver = [&](Recording&& recording) {
      if (recording.alone && !recording.response && recording.origin != Origin::log) recording.response = expected();
      return more = deliver_(std::move(recording));
    };
    const DocumentSummary read = read_document(view, pattern, options_.document, deliver, position);
    summary_.lines_without += read.lines_without;
    if (read.lines_without > 0 && summary_.first_without.empty()) {
      summary_.first_without = name + ":" + std::to_string(read.first_without);
    }
    return more;
  }

  static std::optional<std::string> expected_beside(const std::string& path) {
    const std::string expected = expected_path(path);
    if (expected.empty() || !io::exists(expected)) return std::nullopt;
    return std::string(archive::InputBytes::open(expected, kMaxExpectedBytes).view());
  }

  bool zip(std::string_view bytes, const std::string& name) {
    // Expected responses may lie behind their events, so the zip is read twice.
    std::unordered_set<std::string> paths;
    std::unordered_map<std::string, std::string> expected;
    std::uint64_t expected_bytes = 0;
    archive::ZipReader first(bytes, name);
    while (std::optional<archive::ZipEntry> entry = first.next()) {
      if (!event_path(entry->path).empty()) {
        expected_bytes += entry->content.size();
        if (expected_bytes > options_.max_input_bytes) io::throw_input("expected responses too large", entry->name);
        expected[entry->path] = std::move(entry->content);
      }
      paths.insert(std::move(entry->path));
    }
    if (paths.empty()) return unreadable(name, "is a zip without files");
    archive::ZipReader second(bytes, name);
    while (std::optional<archive::ZipEntry> entry = second.next()) {
      if (const std::string event = event_path(entry->path); !event.empty() && paths.count(event) > 0) continue;
      if (!zip_entry(*entry, expected)) return false;
    }
    return true;
  }

  bool zip_entry(archive::ZipEntry& entry, const std::unordered_map<std::string, std::string>& expected) {
    const auto beside = [&]() -> std::optional<std::string> {
      const auto found = expected.find(expected_path(entry.path));
      return found == expected.end() ? std::nullopt : std::optional(found->second);
    };
    try {
      const archive::InputBytes content =
          archive::InputBytes::from_memory(std::move(entry.content), entry.name, options_.max_input_bytes);
      return document(content.view(), entry.name, Origin::zip, beside, {});
    } catch (const io::Error& error) {
      return unreadable(entry.name, reason_of(error, entry.name));
    }
  }

  const ReadOptions& options_;
  const Deliver& deliver_;
  ReadSummary& summary_;
};

}  // namespace

std::string option_fault(const ReadOptions& options) {
  if (!options.document.unwrap) return "";
  const std::string fault = json::pointer_fault(*options.document.unwrap);
  return fault.empty() ? "" : "unwrap: \"" + *options.document.unwrap + "\" " + fault;
}

Reader::Reader(const std::vector<std::string>& paths, ReadOptions options) : options_(std::move(options)) {
  if (const std::string fault = option_fault(options_); !fault.empty()) io::throw_usage(fault);
  list_ = list_inputs(paths);
}

ReadSummary Reader::read(const Deliver& deliver, const Share& share) const {
  ReadSummary summary;
  // What the caller throws is not the fault of the file being read.
  std::exception_ptr thrown;
  const Deliver guarded = [&](Recording&& recording) {
    try {
      return deliver(std::move(recording));
    } catch (...) {
      thrown = std::current_exception();
      return false;
    }
  };
  FileReader reader(options_, guarded, summary);
  double total = 0;
  for (const std::string& file : list_.files) total += file_size(file);
  double done = 0;
  for (const std::string& file : list_.files) {
    const double size = file_size(file);
    const auto within = [&](double part) {
      if (share && total > 0) share((done + part * size) / total);
    };
    if (!reader.read(file, within)) break;
    done += size;
    within(0);
  }
  if (thrown) std::rethrow_exception(thrown);
  return summary;
}

}  // namespace textlambda::recording
