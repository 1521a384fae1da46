#include "textlambda/archive/input_bytes.h"

#include <unistd.h>

#include <utility>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using textlambda::archive::InputBytes;
using textlambda::io::Error;
using namespace std::string_view_literals;

namespace {

// Written by Python's gzip.compress(…, mtime=0) and by the zstd command.
constexpr std::string_view kGzipHello =
    "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xCB\x48\xCD\xC9\xC9\xE7\x02\x00\x20\x30\x3A\x36\x06\x00\x00\x00"sv;
constexpr std::string_view kGzipWorld =
    "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x2B\xCF\x2F\xCA\x49\xE1\x02\x00\xA8\x61\x38\xDD\x06\x00\x00\x00"sv;
constexpr std::string_view kGzipEmpty =
    "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv;
constexpr std::string_view kZstdHello =
    "\x28\xB5\x2F\xFD\x04\x58\x31\x00\x00\x68\x65\x6C\x6C\x6F\x0A\x53\x88\xBD\x91"sv;
constexpr std::string_view kZstdWorld =
    "\x28\xB5\x2F\xFD\x04\x58\x31\x00\x00\x77\x6F\x72\x6C\x64\x0A\xAA\x6E\x56\x9F"sv;
constexpr std::string_view kZstdEmpty = "\x28\xB5\x2F\xFD\x24\x00\x01\x00\x00\x99\xE9\xD8\x51"sv;
// A million times 'a' in 51 bytes.
constexpr std::string_view kZstdBomb =
    "\x28\xB5\x2F\xFD\x04\x58\x54\x00\x00\x10\x61\x61\x01\x00\xFB\xFF\x39\xC0\x02\x02\x00\x10\x61\x02\x00\x10\x61"
    "\x02\x00\x10\x61\x02\x00\x10\x61\x02\x00\x10\x61\x02\x00\x10\x61\x03\x12\x0A\x61\x40\xDC\x4F\x9B"sv;

std::string joined(std::string_view a, std::string_view b) { return std::string(a) + std::string(b); }

std::string changed(std::string_view bytes, std::size_t position) {
  std::string copy(bytes);
  copy[position] = static_cast<char>(copy[position] ^ 1);
  return copy;
}

std::string error_of(const std::string& path, std::uint64_t max_bytes = InputBytes::kDefaultMaxBytes) {
  try {
    InputBytes::open(path, max_bytes);
  } catch (const Error& error) {
    CHECK(error.kind() == textlambda::io::ErrorKind::input_output);
    return error.what();
  }
  return "no error";
}

// A pipe that holds `bytes`, as a shell's <(…) gives it.
class Pipe {
 public:
  explicit Pipe(std::string_view bytes) {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    ::close(ends[1]);
    fd_ = ends[0];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { ::close(fd_); }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace

TEST_CASE("An input is decompressed by its first bytes, whatever its name") {
  struct Case {
    std::string_view name;
    std::string bytes;
    std::string_view content;
    bool mapped;
  };
  const std::vector<Case> cases = {
      {"plain.gz", "hello\n", "hello\n", true},
      {"a.txt", std::string(kGzipHello), "hello\n", false},
      {"b", std::string(kZstdHello), "hello\n", false},
      {"members.gz", joined(kGzipHello, kGzipWorld), "hello\nworld\n", false},
      {"frames.zst", joined(kZstdHello, kZstdWorld), "hello\nworld\n", false},
      {"padded.gz", joined(kGzipHello, "\0\0\0\0"sv), "hello\n", false},
      {"empty", "", "", false},
      {"empty.gz", std::string(kGzipEmpty), "", false},
      {"empty.zst", std::string(kZstdEmpty), "", false},
      {"short", "\x1F", "\x1F", true},
  };
  const TemporaryFolder folder;
  for (const Case& item : cases) {
    CAPTURE(item.name);
    const std::string path = folder.write(std::string(item.name), item.bytes);
    InputBytes opened = InputBytes::open(path);
    const InputBytes input = std::move(opened);
    CHECK(input.view() == item.content);
    CHECK(input.is_mapped() == item.mapped);
    CHECK(input.name() == path);
    input.release(0, input.view().size());
    CHECK(input.view() == item.content);
  }
}

TEST_CASE("A truncated or corrupt input is an error that names it") {
  struct Case {
    std::string bytes;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {std::string(kGzipHello.substr(0, 14)), "is not valid gzip: cut off"},
      {std::string(kGzipHello.substr(0, kGzipHello.size() - 1)), "is not valid gzip: cut off"},
      {std::string(kGzipHello.substr(0, 3)), "is not valid gzip: cut off"},
      {joined(kGzipHello, kGzipWorld.substr(0, 12)), "is not valid gzip: cut off"},
      {changed(kGzipHello, kGzipHello.size() - 8), "is not valid gzip: incorrect data check"},
      {changed(kGzipHello, kGzipHello.size() - 1), "is not valid gzip: incorrect length check"},
      {std::string(kZstdHello.substr(0, 12)), "is not valid Zstandard"},
      {changed(kZstdHello, kZstdHello.size() - 1), "is not valid Zstandard"},
      {joined(kZstdHello, "garbage"), "is not valid Zstandard"},
  };
  const TemporaryFolder folder;
  for (const Case& item : cases) {
    const std::string path = folder.write("corpus.bin", item.bytes);
    const std::string message = error_of(path);
    CAPTURE(message, item.message);
    CHECK(message.find(path + ": " + std::string(item.message)) == 0);
  }
}

TEST_CASE("Any single changed byte gives the content, other bytes or an error, and no crash") {
  const TemporaryFolder folder;
  for (const std::string_view bytes : {kGzipHello, kZstdHello}) {
    for (std::size_t position = 0; position < bytes.size(); ++position) {
      const std::string path = folder.write("corpus.bin", changed(bytes, position));
      error_of(path);
    }
  }
}

TEST_CASE("The limit holds for what comes out") {
  const TemporaryFolder folder;
  const std::string bomb = folder.write("bomb.zst", kZstdBomb);
  CHECK(InputBytes::open(bomb, 1000000).view().size() == 1000000);
  CHECK(error_of(bomb, 999999) == bomb + ": is larger than the limit of 999999 bytes");
  const std::string plain = folder.write("plain", "hello\n");
  CHECK(error_of(plain, 5) == plain + ": is larger than the limit of 5 bytes");
  CHECK(error_of(folder.write("a.gz", kGzipHello), 5).find("is larger than the limit of 5 bytes") != std::string::npos);
}

TEST_CASE("Missing files and folders are errors") {
  const TemporaryFolder folder;
  CHECK(error_of("/nonexistent/corpus.csv") == "/nonexistent/corpus.csv: cannot open: No such file or directory");
  CHECK(error_of("/").find("is a directory, expected a file") != std::string::npos);
}

TEST_CASE("Pipes are read whole and decompressed too") {
  for (const std::string_view bytes : {"hello\n"sv, kGzipHello, kZstdHello}) {
    const Pipe pipe(bytes);
    const std::string path = "/dev/fd/" + std::to_string(pipe.fd());
    const InputBytes input = InputBytes::open(path);
    CHECK(input.view() == "hello\n");
    CHECK_FALSE(input.is_mapped());
    CHECK(input.name() == path);
  }
}

TEST_CASE("A dash is standard input") {
  const Pipe pipe(kGzipHello);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(pipe.fd(), STDIN_FILENO);
  const InputBytes input = InputBytes::open("-");
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  CHECK(input.view() == "hello\n");
  CHECK(input.name() == "standard input");
}
