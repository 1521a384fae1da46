// A function's process and all that comes of it. Between it and the emulator stands a supervisor, a process of its own
// that holds every descendant (PR_SET_CHILD_SUBREAPER, see prctl(2)): when the function's process ends, when it is told
// to, or when the emulator is gone, however it went, it kills them all and ends. Used from one thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/io/file_descriptor.h"

namespace textlambda::emulator {

struct ProcessSettings {
  std::string executable;
  std::string folder;                    // to start in
  std::vector<std::string> environment;  // NAME=value
  std::uint64_t memory_bytes = 0;        // of all processes together; more ends them. 0: any amount
  // Programs that start before the function's, which then waits for release(): extensions. That one of them ends is the
  // end of all, until drain().
  std::vector<std::string> companions;
};

struct ProcessEnd {
  enum class How { exited, signalled, out_of_memory, not_started, companion_ended };
  How how = How::exited;
  int value = 0;  // the exit status, the signal, or the errno of exec; of companion_ended, which one
};

class SandboxProcess {
 public:
  // Throws Error(input_output) where not even the supervisor starts. Whether the function's process does shows in
  // end().
  explicit SandboxProcess(const ProcessSettings& settings);
  SandboxProcess(const SandboxProcess&) = delete;
  SandboxProcess& operator=(const SandboxProcess&) = delete;
  // Kills what is left, and waits for it.
  ~SandboxProcess();

  // Readable, and at its end once nobody of it is left: what it printed, standard output and error together.
  int output() const { return output_.get(); }
  // Readable once the function's process has ended.
  int ended() const { return status_.get(); }
  // After that. Reads once.
  ProcessEnd end();
  // Of all processes together, as they were seen every few milliseconds.
  std::uint64_t peak_bytes() const;

  void release();    // starts the function's process, where there are companions
  void drain();      // from now on companions may end, and the last of them is the end of all
  void terminate();  // SIGTERM to the function's process
  void kill();       // all of them, now

 private:
  struct Shared;

  io::FileDescriptor control_{-1};  // its end tells the supervisor
  io::FileDescriptor status_{-1};
  io::FileDescriptor output_{-1};
  Shared* shared_ = nullptr;
  pid_t supervisor_ = -1;
};

}  // namespace textlambda::emulator
