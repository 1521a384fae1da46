#include "textlambda/recording/response_writer.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
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

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

// The file beside the event that takes its response; empty where the event's own file does.
std::string beside(const Recording& recording) {
  if (!recording.alone || recording.response_value.size() != 0) return "";
  std::string path = expected_path(recording.file);
  return !recording.wrapped || exists(path) ? path : "";
}

}  // namespace

// One file, copied up to where something is put in.
class ResponseWriter::Rewrite {
 public:
  explicit Rewrite(const std::string& path) : path_(path), bytes_(io::MappedFile::open(path)), file_(path) {}

  const std::string& path() const { return path_; }

  void put(const Recording& recording, std::string_view response) {
    if (recording.value.end > bytes_.view().size()) io::throw_input("changed while it was replayed", path_);
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
    file_.commit();
  }

 private:
  void copy_to(std::size_t end) {
    file_.write(bytes_.view().substr(copied_, end - copied_));
    copied_ = end;
  }

  std::string path_;
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
    io::write_file(path, indented(response));
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
    case Origin::zip:
      return "cannot be updated: it is in a zip; unpack it first";
    case Origin::log:
      return "cannot be updated: it is a log; write its recordings to a file of their own";
  }
  return {};
}

}  // namespace textlambda::recording
