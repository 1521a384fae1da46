// The model that a function serves, from a file that another one may take the place of while the function lives:
// STORE/current of textlambda-retrain, on EFS or in S3 (io/remote_files.h). An invocation is answered with one model
// from its beginning to its end.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "textlambda/io/file_descriptor.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/model/classifier.h"

namespace textlambda::lambda {

// A model that was found good, and its handler. While it lives its file is locked (flock(2), shared), so that nobody
// who tidies up takes it away. Const calls are thread-safe.
class ServedModel {
 public:
  // `path` of the file, for messages. Throws Error(input_output) for a damaged file, Error(usage) as Handler does.
  ServedModel(io::FileDescriptor file, const std::string& path, const HandlerOptions& options);

  const Handler& handler() const { return handler_; }
  std::string id() const { return classifier_.file().id(); }

 private:
  io::FileDescriptor file_;
  io::MappedFile bytes_;
  model::Classifier classifier_;
  Handler handler_;
};

// Thread-safe.
class LiveModel {
 public:
  // `monotonic_ms`: now, of a clock that never goes back. `refresh`: how often the file is looked at, in seconds;
  // without it, never. `until_then` answers where there is no
  // file of that name yet and it is looked at; empty: none. Throws as ServedModel does.
  LiveModel(std::string path, HandlerOptions options, std::optional<double> refresh, const std::string& until_then = "",
            double monotonic_ms = 0);

  std::shared_ptr<const ServedModel> served() const;

  struct Finding {
    std::string message;      // for the log; empty: nothing has changed
    bool is_refusal = false;  // the new file cannot be used: the model before goes on
  };
  // Looks at the file if that is due and nobody else is at it: costs a stat(2), or a conditional GET, and loading where
  // there is another one. What was refused is not tried again until it changes; what cannot be reached is, after
  // kPauseMs at the earliest. `begin` is called before it is looked.
  Finding look(double monotonic_ms, const std::function<void()>& begin = {});

  static constexpr double kPauseMs = 30000;

 private:
  std::shared_ptr<const ServedModel> first(const std::string& until_then);

  const std::string path_;
  const HandlerOptions options_;
  const std::optional<double> refresh_ms_;
  std::string seen_;          // what tells the file that was looked at last from others of its name; of who looks
  mutable std::mutex mutex_;  // of what follows
  std::shared_ptr<const ServedModel> served_;
  std::mutex looking_;  // and of what only who looks needs
  double next_look_ms_;
};

}  // namespace textlambda::lambda
