#include "textlambda/recording/response_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <nlohmann/json.hpp>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/file_lock.h"
#include "textlambda/io/file_state.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/json/survey.h"
#include "textlambda/recording/input_list.h"

namespace textlambda::recording {
namespace {

// dump() calls itself for each level.
constexpr std::size_t kMaxIndentedDepth = 200;

std::string indented(std::string_view response) {
  if (json::survey(response).depth > kMaxIndentedDepth) return std::string(response) + "\n";
  const auto parsed = nlohmann::ordered_json::parse(response, nullptr, false);
  if (parsed.is_discarded()) return std::string(response) + "\n";
  return parsed.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// The file beside the event that takes its response; empty where the event's own file does.
std::string beside(const Recording& recording) {
  if (!recording.alone || recording.response_value.size() != 0) return "";
  std::string path = expected_path(recording.file);
  return !recording.wrapped || io::exists(path) ? path : "";
}

}  // namespace

// One file, copied up to where something is put in. Somebody else may write to it at the same time: it is replaced only
// as it was read.
class ResponseWriter::Rewrite {
 public:
  explicit Rewrite(const std::string& path)
      : path_(path), lock_(path, 0), before_(status_of(lock_)), bytes_(io::MappedFile::open(path)), file_(path) {}

  const std::string& path() const { return path_; }

  void put(const Recording& recording, std::string_view response) {
    if (!is_there(recording)) fail();
    if (recording.response_value.size() != 0) {
      copy_to(recording.response_value.begin);
      file_.write(response);
      copied_ = recording.response_value.end;
    } else if (recording.wrapped) {
      // Behind the last member; there is one, the event.
      std::size_t end = recording.value.end - 1;
      while (json::skip_space(bytes_.view().substr(0, end), end - 1) == end) --end;
      copy_to(end);
      file_.write(",\"response\":");
      file_.write(response);
    } else {
      copy_to(recording.value.begin);
      file_.write("{\"event\":");
      copy_to(recording.value.end);
      file_.write(",\"response\":");
      file_.write(response);
      file_.write("}");
    }
  }

  void finish() {
    copy_to(bytes_.view().size());
    if (!is_as_before()) fail();
    file_.commit();
    keep_late_lines();
  }

 private:
  [[noreturn]] void fail() const { io::throw_input("changed while it was replayed: it is left as it is", path_); }

  struct stat status_of(const io::FileLock& lock) const {
    struct stat status {};
    if (::fstat(lock.descriptor(), &status) != 0) io::throw_system("cannot open", path_, errno);
    return status;
  }

  // What was appended between the last look and the renaming went to the file that had the name until then.
  void keep_late_lines() const {
    off_t at = before_.st_size;
    std::array<char, 4096> block{};
    for (ssize_t size = 0; (size = ::pread(lock_.descriptor(), block.data(), block.size(), at)) > 0; at += size) {
      const io::FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
      if (::write(file.get(), block.data(), static_cast<std::size_t>(size)) != size) {
        io::throw_system("cannot write what was appended while it was updated", path_, errno);
      }
    }
    if (at > before_.st_size) {
      io::throw_input("was appended to while it was updated: the lines are kept, who wrote them has to open it again",
                      path_);
    }
  }

  bool is_as_before() const { return io::state_of(path_) == io::state_of(before_); }

  // Whether what was replayed still stands where it was read.
  bool is_there(const Recording& recording) const {
    if (recording.value.end > bytes_.view().size()) return false;
    Recording now;
    take_apart(recording.value.of(bytes_.view()), recording.value.begin, !recording.wrapped, now);
    return now.event == recording.event && now.wrapped == recording.wrapped &&
           now.response_value.begin == recording.response_value.begin &&
           now.response_value.end == recording.response_value.end;
  }

  void copy_to(std::size_t end) {
    file_.write(bytes_.view().substr(copied_, end - copied_));
    copied_ = end;
  }

  std::string path_;
  io::FileLock lock_;  // against another run that updates it
  struct stat before_;
  io::MappedFile bytes_;
  io::AtomicFile file_;
  std::size_t copied_ = 0;
};

ResponseWriter::ResponseWriter() = default;
ResponseWriter::~ResponseWriter() = default;

void ResponseWriter::put(const Recording& recording, std::string_view response) {
  if (const std::string_view fault = rewriting_fault(recording); !fault.empty()) {
    throw io::Error(io::ErrorKind::usage, fault, recording.file);
  }
  if (const std::string path = beside(recording); !path.empty()) {
    io::write_file(path, indented(response), recording.file);  // whoever may not read the event may not read this
    ++files_;
    return;
  }
  if (rewrite_ && rewrite_->path() != recording.file) finish();
  if (!rewrite_) rewrite_ = std::make_unique<Rewrite>(recording.file);
  rewrite_->put(recording, response);
}

void ResponseWriter::finish() {
  if (!rewrite_) return;
  rewrite_->finish();
  rewrite_.reset();
  ++files_;
}

std::string_view rewriting_fault(const Recording& recording) {
  switch (recording.origin) {
    case Origin::file:
      return {};
    case Origin::standard_input:
      return "cannot be updated: it is no file";
    case Origin::compressed:
      return "cannot be updated: it is compressed; decompress it first";
    case Origin::remote:
      // An event that lies alone has its response beside it, which is a file of its own.
      if (!beside(recording).empty()) return {};
      return "cannot be updated: it is on another machine; copy it here first";
    case Origin::zip:
      return "cannot be updated: it is in a zip; unpack it first";
    case Origin::log:
      return "cannot be updated: it is a log; write its recordings to a file of their own";
  }
  return {};
}

}  // namespace textlambda::recording
