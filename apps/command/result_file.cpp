#include "command/result_file.h"

#include "textlambda/io/output_target.h"

#include "command/command.h"

namespace textlambda::command {
namespace {

constexpr std::size_t kEnough = std::size_t{1} << 20;

}  // namespace

ResultFile::ResultFile(const std::string& path) {
  if (path.empty()) return;
  if (io::is_standard_output(path)) {
    to_stdout_ = true;
  } else {
    file_.emplace(path);
  }
}

void ResultFile::add(const std::string& line) {
  if (!wanted()) return;
  pending_ += line;
  if (pending_.size() >= kEnough) flush();
}

void ResultFile::finish() {
  flush();
  if (file_) file_->commit();
}

void ResultFile::flush() {
  if (to_stdout_ && !pending_.empty()) print(pending_);
  if (file_) file_->write(pending_);
  pending_.clear();
}

}  // namespace textlambda::command
