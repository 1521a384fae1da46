// What answers an event: the handler in this process, or a function behind an Invoke API (remote_function.h).
#pragma once

#include <memory>

#include "textlambda/lambda/handler.h"
#include "textlambda/recording/recording.h"

namespace textlambda::replay {

struct Reply {
  lambda::Answer answer;
  // False: nothing is known of the event's source (it is no JSON, say).
  bool has_source = false;
  // The records of `answer` tell labels and confidences, which an answer over the wire does not.
  bool has_labels = false;
};

class Function {
 public:
  virtual ~Function() = default;

  // `worker` < the number the function was made for; one call a worker at a time. Throws io::Error only where no event
  // can be answered at all, such as when nobody listens.
  virtual Reply answer(const recording::Recording& recording, unsigned worker) = 0;
};

// The handler has to outlive it.
std::unique_ptr<Function> in_process(const lambda::Handler& handler, unsigned workers);

}  // namespace textlambda::replay
