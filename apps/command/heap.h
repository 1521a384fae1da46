// How the C library's heap serves a program that takes much memory, works, and ends.
#pragma once

namespace textlambda::command {

// To be called before there are other threads. From then on memory that was freed is taken again instead of going back
// to the system, which would have to hand it out anew page by page, and the next 512 MiB of it are asked for in huge
// pages: clearing and entering small ones was a sixth of what training took. Costs no memory by itself. Where the
// address space is limited (ulimit -v) all stays as it is. No effect but on speed.
void keep_heap();

}  // namespace textlambda::command
