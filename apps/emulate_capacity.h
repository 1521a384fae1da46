// textlambda-emulate capacity: what recorded traffic comes to at other memory sizes.
#pragma once

namespace textlambda::command {

// The subcommand's own main(): argv[0] is its name, "capacity". Returns the exit status.
int capacity_main(int argc, char** argv);

}  // namespace textlambda::command
