// What s3://BUCKET/KEY means to a function that AWS starts.
#pragma once

#include <chrono>
#include <optional>

#include "textlambda/aws/client.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::command {

// For io::set_remote_files(), called once, before anything else that reaches the network. Nothing is read of the
// account before a name is used.
io::RemoteFiles* files_in_s3(const aws::ClientOptions& options = {});

// Requests have to be over in so long from now, whatever they wait for; nothing: as their options say.
void end_requests_within(std::optional<std::chrono::milliseconds> time);

// How long a function may take to begin, less what its answer needs: Lambda gives it ten seconds.
inline constexpr std::chrono::milliseconds kInitTime{9000};

}  // namespace textlambda::command
