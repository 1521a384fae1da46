// textlambda-emulate event: an event of any source, as its service sends it.
#pragma once

namespace textlambda::command {

// argv[0] is the word "event". Returns the exit status.
int event_main(int argc, char** argv);

}  // namespace textlambda::command
