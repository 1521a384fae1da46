#include "function_s3.h"

#include <memory>

#include "textlambda/aws/s3_files.h"

namespace textlambda::command {

io::RemoteFiles* files_in_s3(const aws::ClientOptions& options) {
  static aws::S3Files files(
      [] { return std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{}); }, options);
  return &files;
}

}  // namespace textlambda::command
