// textlambda-emulate simulate: seeded schedules of an event source against our handler, in process.
#pragma once

namespace textlambda::command {

// The subcommand's own main(): argv[0] is its name, "simulate". Returns the exit status.
int simulate_main(int argc, char** argv);

}  // namespace textlambda::command
