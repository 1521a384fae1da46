#include "textlambda/archive/spool.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using textlambda::archive::Spool;

namespace {

// TMPDIR for the length of a test.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& path) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1); }

 private:
  std::string before_;
};

std::string bytes_of(std::size_t size) {
  std::string bytes(size, ' ');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 % 251);
  return bytes;
}

}  // namespace

TEST_CASE("What is spooled comes back whole, from memory or from a file without a name") {
  const TemporaryFolder folder;
  const TemporaryDirectory directory(folder.path("."));
  struct Case {
    std::size_t size;
    std::size_t piece;
    bool in_file;
  };
  // 1000 bytes are kept in memory; a written spool writes on in blocks of 1 MiB.
  for (const Case& item : {Case{0, 1, false}, Case{999, 10, false}, Case{1000, 1000, false}, Case{1001, 1001, true},
                           Case{5000, 7, true}, Case{(std::size_t{3} << 20) + 5, 4096, true}}) {
    CAPTURE(item.size);
    const std::string bytes = bytes_of(item.size);
    Spool spool("a pipe", 1000);
    for (std::size_t at = 0; at < bytes.size(); at += item.piece) spool.append(bytes.substr(at, item.piece));
    CHECK(spool.size() == item.size);
    CHECK(std::filesystem::is_empty(folder.path(".")));
    const Spool::Content content = spool.finish();
    CHECK((content.file.view().empty() ? std::string_view(content.memory) : content.file.view()) == bytes);
    CHECK(content.file.view().empty() != item.in_file);
    CHECK(spool.size() == 0);
  }
}

TEST_CASE("A folder that cannot keep the bytes is named") {
  const TemporaryFolder folder;
  const TemporaryDirectory directory(folder.path("none"));
  Spool spool("standard input", 3);
  spool.append("abc");
  std::string message;
  try {
    spool.append("d");
  } catch (const textlambda::io::Error& error) {
    CHECK(error.kind() == textlambda::io::ErrorKind::input_output);
    message = error.what();
  }
  CAPTURE(message);
  CHECK(message.find("cannot keep the bytes of standard input in TMPDIR") != std::string::npos);
}
