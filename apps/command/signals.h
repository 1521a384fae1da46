// What a command does on a signal.
#pragma once

#include <string>

namespace textlambda::command {

// From now on: SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGXCPU take temporary files away before they end the process,
// unless they are ignored already (nohup, a shell's "&"); a closed pipe and a limit of file sizes are errors of the
// call that meets them; an input that was cut off while it was read is one line, said in the name of `name`, and the
// status of an input that cannot be used.
void handle_signals(const std::string& name);

}  // namespace textlambda::command
