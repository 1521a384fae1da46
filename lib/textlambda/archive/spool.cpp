#include "textlambda/archive/spool.h"

#include <cerrno>
#include <utility>

#include "textlambda/io/error.h"
#include "textlambda/io/scratch_file.h"

namespace textlambda::archive {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

}  // namespace

Spool::Spool(std::string name, std::size_t in_memory) : name_(std::move(name)), in_memory_(in_memory) {}

void Spool::append(std::string_view bytes) {
  memory_.append(bytes);
  if (written_ > 0 ? memory_.size() >= kBlock : memory_.size() > in_memory_) write_out();
}

void Spool::write_out() {
  if (file_.get() < 0) {
    folder_ = io::scratch_folder("the bytes of " + name_);
    file_ = io::open_nameless(folder_);
    if (file_.get() < 0) io::throw_system("cannot keep the bytes of " + name_ + " in", folder_, errno);
  }
  if (!io::write_all(file_.get(), memory_)) {
    io::throw_system("cannot keep the bytes of " + name_ + " in", folder_, errno);
  }
  written_ += memory_.size();
  memory_ = std::string();
}

Spool::Content Spool::finish() {
  Content content;
  if (written_ == 0) {
    content.memory = std::move(memory_);
  } else {
    write_out();
    content.file = io::MappedFile::map(file_, name_);
    file_ = io::FileDescriptor(-1);
  }
  memory_.clear();
  written_ = 0;
  return content;
}

}  // namespace textlambda::archive
