// What s3://BUCKET/KEY means to a function that AWS starts.
#pragma once

#include "textlambda/aws/client.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::command {

// For io::set_remote_files(), called once. Nothing is read of the account before a name is used.
io::RemoteFiles* files_in_s3(const aws::ClientOptions& options = {});

}  // namespace textlambda::command
