#include "command/collections.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/io/scratch_file.h"
#include "textlambda/mongodb/collection_name.h"

#include "command/bootstrap_path.h"
#include "command/exit_status.h"

namespace textlambda::command {
namespace {

constexpr const char* kProgram = "textlambda-mongodb";

std::string program_path() {
  try {
    return find_program(kProgram);
  } catch (const io::Error&) {
    io::throw_input("mongodb:// names need the component for MongoDB, which this installation was built without");
  }
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) io::throw_system("cannot make a pipe", {}, errno);
    read = io::FileDescriptor(ends[0]);
    write = io::FileDescriptor(ends[1]);
  }
  io::FileDescriptor read{-1};
  io::FileDescriptor write{-1};
};

io::ErrorKind kind_of(int status) {
  if (status == kUsage) return io::ErrorKind::usage;
  return status == kMismatch ? io::ErrorKind::mismatch : io::ErrorKind::input_output;
}

}  // namespace

// The other program at work.
class CollectionProcess {
 public:
  // What it prints goes to `output`, a descriptor; -1: nowhere.
  CollectionProcess(const nlohmann::json& request, int output) : path_(program_path()) {
    Pipe input;
    Pipe errors;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input.read.get(), STDIN_FILENO);
    if (output >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    } else {
      ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions, errors.write.get(), STDERR_FILENO);
    std::array<char*, 2> arguments{path_.data(), nullptr};
    const int failed = ::posix_spawn(&process_, path_.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) io::throw_system("cannot start", path_, failed);
    input_ = std::move(input.write);
    errors_ = std::move(errors.read);
    send(request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  CollectionProcess(const CollectionProcess&) = delete;
  CollectionProcess& operator=(const CollectionProcess&) = delete;
  ~CollectionProcess() {
    input_ = io::FileDescriptor(-1);
    wait();
  }

  // False where it has left.
  bool send(std::string_view text) { return io::write_all(input_.get(), text); }

  // Ends its input and waits for it. Notes are handed on; the error that ended it is thrown.
  void finish(const std::function<void(const std::string&)>& note) {
    input_ = io::FileDescriptor(-1);
    std::string said;
    std::array<char, 4096> block{};
    for (;;) {
      const ssize_t size = ::read(errors_.get(), block.data(), block.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) break;
      said.append(block.data(), static_cast<std::size_t>(size));
    }
    const int status = wait();
    std::string last;
    for (std::size_t begin = 0; begin < said.size();) {
      const std::size_t end = std::min(said.find('\n', begin), said.size());
      const std::string line = said.substr(begin, end - begin);
      begin = end + 1;
      constexpr std::string_view kNote = "note: ";
      if (!line.starts_with(kNote)) {
        last = line;
      } else if (note) {
        note(line.substr(kNote.size()));
      }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    if (!WIFEXITED(status) || last.empty()) last = std::string(kProgram) + " ended in the middle of its work";
    throw io::Error(WIFEXITED(status) ? kind_of(WEXITSTATUS(status)) : io::ErrorKind::input_output, last);
  }

 private:
  int wait() {
    int status = 0;
    while (process_ > 0 && ::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    return status;
  }

  std::string path_;
  pid_t process_ = 0;
  io::FileDescriptor input_{-1};
  io::FileDescriptor errors_{-1};
};

bool Collections::owns(std::string_view path) const { return mongodb::is_collection_name(path); }

std::string Collections::shown(const std::string& path) const { return mongodb::shown_name(path); }

io::FileDescriptor Collections::fetch(const std::string& path, const std::string& to, const std::string& model) const {
  const std::string folder = io::scratch_folder("a copy of " + shown(path));
  io::FileDescriptor copy = io::open_nameless(folder);
  if (copy.get() < 0) io::throw_system("cannot keep a copy of " + shown(path) + " in", folder, errno);
  CollectionProcess process({{"do", "read"}, {"from", path}, {"query", query_}, {"to", to}, {"model", model}},
                            copy.get());
  process.finish(note_);
  return copy;
}

void Collections::prepare(const std::string& path) {
  io::throw_usage(shown(path) + ": expected a file to write: textlambda-predict --to writes to collections");
}

void Collections::store(const std::string& path, const io::FileDescriptor& /*content*/) { prepare(path); }

std::vector<std::string> Collections::list(const std::string& beginning) {
  io::throw_usage(shown(beginning) + ": expected the name of one collection");
}

Collections& collections() {
  static Collections all;
  return all;
}

PredictionPipe::PredictionPipe(const std::string& to, const std::string& from,
                               std::function<void(const std::string&)> note)
    : process_(std::make_unique<CollectionProcess>(nlohmann::json{{"do", "write"}, {"to", to}, {"from", from}}, -1)),
      note_(std::move(note)) {}

PredictionPipe::~PredictionPipe() = default;

void PredictionPipe::add(std::string_view lines) {
  if (!process_->send(lines)) finish();
}

void PredictionPipe::finish() { process_->finish(note_); }

}  // namespace textlambda::command
