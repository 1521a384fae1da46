#include "textlambda/io/scratch_file.h"

#include <stdlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda::io;

namespace {

// TMPDIR is another folder for as long as this lives.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& folder) {
    const char* const before = ::getenv("TMPDIR");
    had_ = before != nullptr;
    if (had_) before_ = before;
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    if (had_) {
      ::setenv("TMPDIR", before_.c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }

 private:
  bool had_ = false;
  std::string before_;
};

}  // namespace

TEST_CASE("a scratch file gives back what threads put there, and nobody sees it") {
  const TemporaryFolder folder;
  const TemporaryDirectory temporary(folder.path(""));
  ScratchFile file("numbers");
  std::vector<std::uint64_t> offsets(100);
  Executor(4).run(offsets.size(), [&](std::size_t item, unsigned) {
    offsets[item] = file.append(std::string(item + 1, static_cast<char>('a' + item % 26)));
  });
  file.write(offsets[7], "written");
  CHECK(folder.file_count() == 0);
  for (std::size_t item = 0; item < offsets.size(); ++item) {
    std::string bytes(item + 1, ' ');
    file.read(offsets[item], bytes.data(), bytes.size());
    CHECK(bytes == (item == 7 ? "writtenh" : std::string(item + 1, static_cast<char>('a' + item % 26))));
  }
  std::array<char, 10> beyond{};
  CHECK_THROWS_WITH(file.read(std::uint64_t{1} << 20, beyond.data(), beyond.size()),
                    Catch::Contains("cannot read back numbers in"));
}

TEST_CASE("a folder that takes no scratch file is named") {
  const TemporaryDirectory nowhere("/nowhere/at/all");
  CHECK_THROWS_WITH(ScratchFile("numbers"), Catch::Contains("/nowhere/at/all: cannot keep numbers in TMPDIR"));
  try {
    ScratchFile file("numbers");
    FAIL("there is no such folder");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::input_output);
  }
}
