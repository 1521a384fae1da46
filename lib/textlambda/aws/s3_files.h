// s3://BUCKET/KEY as the name of a file, for all who read and write files by their names (io/remote_files.h). An object
// is read once, into a file without a name; what is written is put there at its end, whole: S3 knows no half-written
// object. An object with a link beside it (PutOptions::link), as the pointer of a store of models has, stands for the
// object that it leads to.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/aws/s3.h"
#include "textlambda/aws/session.h"
#include "textlambda/io/remote_files.h"

namespace textlambda::aws {

// Thread-safe: one request at a time.
class S3Files final : public io::RemoteFiles {
 public:
  // `session` is called with the first name that is used.
  explicit S3Files(std::function<std::shared_ptr<Session>()> session, ClientOptions options = {})
      : session_of_(std::move(session)), options_(options) {}

  bool owns(std::string_view path) const override;
  io::FileDescriptor fetch(const std::string& path) override;
  // The version is the object's ETag; of one that stands for another, its own.
  std::optional<io::FileDescriptor> fetch_unless(const std::string& path, std::string& version) override;
  // That the name is one, and that there are credentials and a region.
  void prepare(const std::string& path) override;
  void store(const std::string& path, const io::FileDescriptor& content) override;
  // Of what was listed by list() it is known without asking.
  bool exists(const std::string& path) override;
  std::vector<std::string> list(const std::string& beginning) override;

 private:
  S3& s3();
  std::optional<io::FileDescriptor> copy(const std::string& path, std::string& version);

  std::function<std::shared_ptr<Session>()> session_of_;
  ClientOptions options_;
  std::mutex mutex_;
  std::unique_ptr<S3> s3_;
  std::vector<std::string> listed_;  // the beginnings
  std::set<std::string> names_;      // and what begins so
};

}  // namespace textlambda::aws
