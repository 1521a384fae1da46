// Objects in Amazon S3, and in what speaks as it does: https://docs.aws.amazon.com/AmazonS3/latest/API/
// A bucket is a part of the host's name, or of the path where AWS_ENDPOINT_URL names another endpoint (and where its
// name does not fit a certificate). Not thread-safe: one a thread, of one session.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "textlambda/aws/client.h"
#include "textlambda/aws/s3_name.h"

namespace textlambda::aws {

struct S3Object {
  std::uint64_t bytes = 0;
  std::string etag;              // as it came, with its quotes
  std::int64_t modified_ms = 0;  // milliseconds since 1970; of listings alone
  // What was put beside it (PutOptions::link); of head() and get().
  std::string link;
};

struct ListedObject {
  std::string key;
  S3Object object;
};

struct GetOptions {
  std::string if_none_match = {};  // an ETag: nothing comes where the object still has it
  // Bytes of the object from the first on, and how many of them; none: all.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> range = {};
};

struct PutOptions {
  std::string if_match = {};  // an ETag: nothing is written where the object has another, or is not there
  bool if_absent = false;     // nothing is written where the object is there
  std::string link = {};      // the key, from the object's own "folder" on, of what it stands for (s3_files.h)
  std::string content_type = "application/octet-stream";
};

// Where a bucket of a region is asked; `path` is what comes before the key's slash: the bucket, or nothing where that
// is a part of the host's name. Throws Error(usage) for a region or an endpoint that is none.
Destination s3_destination(const Session& session, const std::string& region, const std::string& bucket,
                           std::string& path);

class S3 {
 public:
  // Of an object, larger ones are put in parts of at least so many bytes.
  static constexpr std::uint64_t kPartBytes = std::uint64_t{8} << 20;
  static constexpr std::uint64_t kMostParts = 10000;

  explicit S3(std::shared_ptr<Session> session, ClientOptions options = {});

  Session& session() const { return *session_; }

  // Nothing where it is not there. Throws ServiceError and Error(input_output), as all of these do.
  std::optional<S3Object> head(const S3Name& name);

  // Hands the object out part after part, from its first byte to its last, once: a connection that breaks is gone on
  // with where it broke, as long as the object is still the same. Its length, and its checksum where S3 has one of the
  // whole (SHA-256, CRC32), are held against what came. Nothing where GetOptions::if_none_match holds.
  using Take = std::function<void(std::string_view part)>;
  std::optional<S3Object> get(const S3Name& name, const Take& take, const GetOptions& options = {});
  // The same into memory, at most `longest` bytes. Nothing where the object is not there.
  std::optional<std::pair<std::string, S3Object>> read(const S3Name& name, std::size_t longest);

  // The new ETag; nothing where a condition of the options did not hold. Of more than kPartBytes: in parts, which are
  // taken back where one of them fails.
  std::optional<std::string> put(const S3Name& name, std::string_view bytes, const PutOptions& options = {});

  // The objects whose keys begin with that of `prefix`, in the order of their keys, however many pages they take, until
  // `visit` returns false.
  void list(const S3Name& prefix, const std::function<bool(ListedObject&& object)>& visit);

  // That it is gone already is no error.
  void remove(const S3Name& name);

 private:
  class Download;
  class Upload;

  // The answer, once the bucket's own region is known.
  http::Response send(const std::string& bucket, std::string_view key, std::string_view query, Request request,
                      std::string_view subject);
  // The ETag where the object has it: an attempt before wrote it, and its answer was lost. Of an encryption that gives
  // other ETags that cannot be told.
  std::optional<std::string> written_before(const S3Name& name, const std::string& etag);
  std::optional<std::string> put_whole(const S3Name& name, std::string_view bytes, const PutOptions& options);
  std::optional<std::string> put_in_parts(const S3Name& name, std::string_view bytes, const PutOptions& options);

  std::shared_ptr<Session> session_;
  std::string region_;
  std::map<std::string, std::string> region_of_;  // buckets that turned out to be elsewhere
  Client client_;
};

}  // namespace textlambda::aws
