// An object in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#include <algorithm>
#include <charconv>
#include <exception>
#include <pugixml.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "textlambda/aws/s3.h"
#include "textlambda/aws/s3_headers.h"
#include "textlambda/encoding/hex.h"
#include "textlambda/encoding/md5.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/io/error.h"

namespace textlambda::aws {
namespace {

// So that there are no more parts than S3 takes, in whole MiB.
std::uint64_t part_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
  const std::uint64_t least = (bytes + S3::kMostParts - 1) / S3::kMostParts;
  return std::max(S3::kPartBytes, (least + kMebibyte - 1) / kMebibyte * kMebibyte);
}

std::string upload_id_of(const http::Response& response) {
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size(), pugi::parse_default, pugi::encoding_utf8);
  return document.child("InitiateMultipartUploadResult").child_value("UploadId");
}

constexpr std::size_t kMd5Bytes = 16;

// Of "0123456789abcdef0123456789abcdef", with its quotes; empty for one that is no MD5.
std::string bytes_of_etag(std::string_view etag) {
  std::string bytes;
  if (etag.size() != 2 * kMd5Bytes + 2) return bytes;
  for (std::size_t i = 1; i + 1 < etag.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(etag.data() + i, etag.data() + i + 2, byte, 16);
    if (error != std::errc() || end != etag.data() + i + 2) return {};
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string completion_of(const std::vector<std::string>& etags) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    pugi::xml_node part = root.append_child("Part");
    part.append_child("PartNumber").text() = static_cast<unsigned>(i + 1);
    part.append_child("ETag").text() = etags[i].c_str();
  }
  std::ostringstream text;
  document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
  return text.str();
}

}  // namespace

// What is begun is taken back when it goes unless it was finished.
class S3::Upload {
 public:
  Upload(S3& s3, const S3Name& name, const PutOptions& options) : s3_(s3), name_(name), options_(options) {
    const http::Response response =
        ask("uploads=", {.method = "POST", .target = {}, .headers = object_headers(options_)});
    id_ = upload_id_of(response);
    if (id_.empty()) io::throw_input("the answer to CreateMultipartUpload has no UploadId", name_.text());
  }
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload() {
    if (id_.empty()) return;
    try {
      // A last word of its own: what could not be taken back costs its storage until a rule of the bucket removes it.
      s3_.send(name_.bucket, name_.key, id_query(), {.method = "DELETE"}, name_.text());
    } catch (const std::exception&) {
      return;
    }
  }

  void add(std::string_view part) {
    const std::string query = fmt::format("partNumber={}&{}", etags_.size() + 1, id_query());
    const http::Response response = ask(query, {.method = "PUT", .target = {}, .headers = {}, .body = part});
    etags_.emplace_back(response.header("ETag"));
    if (etags_.back().empty()) io::throw_input("the answer to UploadPart has no ETag", name_.text());
  }

  std::optional<std::string> finish() {
    const std::string body = completion_of(etags_);
    Request request{.method = "POST", .target = {}, .headers = {{"Content-Type", "application/xml"}}, .body = body};
    add_conditions(options_, request.headers);
    bool again = false;
    request.before_again = [&again](Request&) { again = true; };
    const http::Response response = s3_.send(name_.bucket, name_.key, id_query(), std::move(request), name_.text());
    const bool missed = is_condition_missed(response, options_);
    if (again && (missed || response.status == 404)) {
      if (std::optional<std::string> etag = finished_before()) return etag;
    }
    if (missed) return std::nullopt;
    if (response.status >= 300) throw_service_error(response, name_.text());
    // S3 may have begun to answer before it knew: then status 200 is an error's.
    pugi::xml_document document;
    document.load_buffer(response.body.data(), response.body.size(), pugi::parse_default, pugi::encoding_utf8);
    const pugi::xml_node result = document.child("CompleteMultipartUploadResult");
    if (!result) throw_service_error(response, name_.text());
    id_.clear();
    return std::string(result.child_value("ETag"));
  }

 private:
  // Where an attempt before this one did it, and its answer was lost, the upload is gone and the object is there: with
  // an ETag made of those of its parts.
  std::optional<std::string> finished_before() {
    std::string digests;
    for (const std::string& etag : etags_) digests += bytes_of_etag(etag);
    if (digests.size() != etags_.size() * kMd5Bytes) return std::nullopt;  // of an encryption that hides them
    const std::string wanted = fmt::format("\"{}-{}\"", encoding::to_hex(encoding::md5(digests)), etags_.size());
    std::optional<std::string> etag = s3_.written_before(name_, wanted);
    if (etag) id_.clear();
    return etag;
  }

  std::string id_query() const { return "uploadId=" + encoding::percent_encoded(id_); }

  http::Response ask(std::string_view query, Request request) {
    http::Response response = s3_.send(name_.bucket, name_.key, query, std::move(request), name_.text());
    if (response.status >= 300) throw_service_error(response, name_.text());
    return response;
  }

  S3& s3_;
  const S3Name& name_;
  const PutOptions& options_;
  std::string id_;  // empty: nothing to take back
  std::vector<std::string> etags_;
};

std::optional<std::string> S3::put_in_parts(const S3Name& name, std::string_view bytes, const PutOptions& options) {
  Upload upload(*this, name, options);
  const std::uint64_t most = part_bytes(bytes.size());
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, most);
    bytes.remove_prefix(part.size());
    upload.add(part);
  }
  return upload.finish();
}

}  // namespace textlambda::aws
