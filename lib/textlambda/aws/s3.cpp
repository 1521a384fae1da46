#include "textlambda/aws/s3.h"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "textlambda/aws/s3_headers.h"
#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/hex.h"
#include "textlambda/encoding/md5.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::aws {
namespace {

constexpr std::string_view kService = "s3";
constexpr const char* kLinkHeader = "x-amz-meta-textlambda-link";
constexpr const char* kSha256Header = "x-amz-checksum-sha256";

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

S3Object object_of(const http::Response& head) {
  S3Object object;
  object.bytes = number_of(head.header("Content-Length")).value_or(0);
  object.etag = head.header("ETag");
  object.link = head.header(kLinkHeader);
  return object;
}

bool is_elsewhere(const http::Response& response, const Fault& fault) {
  return !fault.region.empty() && (response.status == 301 || response.status == 307 || response.status == 400);
}

}  // namespace

// One object that comes, in however many attempts.
class S3::Download {
 public:
  Download(const S3Name& name, const Take& take, const GetOptions& options)
      : subject_(name.text()), take_(take), options_(options) {
    if (options.range) begin_ = options.range->first;
  }

  Request request() {
    Request request;
    // Only where all of it comes can a checksum be of what came.
    if (!options_.range) request.headers.push_back({"x-amz-checksum-mode", "ENABLED"});
    if (!options_.if_none_match.empty()) request.headers.push_back({"If-None-Match", options_.if_none_match});
    add_range(request);
    request.sink = [this](const http::Response& head, std::string_view part) {
      begin(head);
      if (part.size() > wanted_ - received_) fail("is longer than its Content-Length");
      received_ += part.size();
      checksums_.add(part);
      take_(part);
    };
    request.before_again = [this](Request& again) {
      head_seen_ = false;
      std::erase_if(again.headers,
                    [](const http::Header& one) { return one.name == "Range" || one.name == "If-Match"; });
      add_range(again);
    };
    return request;
  }

  S3Object finish(const http::Response& response) {
    begin(response);  // where there was no byte
    if (received_ != wanted_) fail(fmt::format("ended behind {} of {} bytes", received_, wanted_));
    if (const std::string_view flaw = checksums_.flaw(); !options_.range && !flaw.empty()) {
      fail(fmt::format("is damaged: its {} is another than S3 has", flaw));
    }
    object_.bytes = wanted_;
    return object_;
  }

 private:
  // What S3 knows of the whole object, held against what came. A checksum of parts ("…-3") tells nothing of the whole.
  class Checksums {
   public:
    void begin(const http::Response& head) {
      sha256_ = head.header(kSha256Header);
      crc32_ = head.header("x-amz-checksum-crc32");
      if (sha256_.find('-') != std::string::npos || head.header("x-amz-checksum-type") == "COMPOSITE") sha256_.clear();
      if (crc32_.find('-') != std::string::npos || head.header("x-amz-checksum-type") == "COMPOSITE") crc32_.clear();
    }
    void add(std::string_view part) {
      if (!sha256_.empty()) hash_.update(part);
      if (!crc32_.empty()) sum_ = ::crc32_z(sum_, reinterpret_cast<const Bytef*>(part.data()), part.size());
    }
    // The one that does not fit; empty where all do.
    std::string_view flaw() {
      if (!sha256_.empty() && encoding::encode_base64(hash_.digest()) != sha256_) return "SHA-256";
      const auto sum = static_cast<std::uint32_t>(sum_);
      std::string bytes;
      for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(sum >> shift & 0xFFU);
      return !crc32_.empty() && encoding::encode_base64(bytes) != crc32_ ? "CRC32" : "";
    }

   private:
    std::string sha256_;  // base64, empty: not known
    std::string crc32_;
    encoding::Sha256 hash_;
    uLong sum_ = ::crc32(0, nullptr, 0);
  };

  [[noreturn]] void fail(const std::string& what) const { io::throw_input(what, subject_); }

  void add_range(Request& request) const {
    if (!options_.range && received_ == 0) return;
    const std::uint64_t from = begin_ + received_;
    std::string range = fmt::format("bytes={}-", from);
    if (options_.range) range += std::to_string(options_.range->first + options_.range->second - 1);
    request.headers.push_back({"Range", range});
    if (received_ > 0) request.headers.push_back({"If-Match", object_.etag});
  }

  void begin(const http::Response& head) {
    if (std::exchange(head_seen_, true)) return;
    const std::uint64_t length = number_of(head.header("Content-Length")).value_or(0);
    if (received_ == 0) {
      object_ = object_of(head);
      wanted_ = length;
      checksums_.begin(head);
      return;
    }
    // It goes on. Whoever does not know ranges begins anew.
    const std::string expected = fmt::format("bytes {}-", begin_ + received_);
    if (head.status != 206 || !head.header("Content-Range").starts_with(expected) || length != wanted_ - received_) {
      fail("the connection broke, and the answer to the rest of it is not the rest");
    }
  }

  std::string subject_;
  const Take& take_;
  const GetOptions& options_;
  std::uint64_t begin_ = 0;     // of the object
  std::uint64_t wanted_ = 0;    // bytes
  std::uint64_t received_ = 0;  // of them
  bool head_seen_ = false;      // of this attempt's answer
  S3Object object_;
  Checksums checksums_;
};

S3::S3(std::shared_ptr<Session> session, ClientOptions options)
    : session_(std::move(session)), region_(session_->region(std::string(kService))), client_(session_, options) {}

Destination s3_destination(const Session& session, const std::string& region, const std::string& bucket,
                           std::string& path) {
  Destination to{session.target(std::string(kService), region), {region, std::string(kService)}};
  path.clear();
  if (session.endpoint_url(std::string(kService)).empty() && fits_host_name(bucket)) {
    to.target.endpoint.host = bucket + "." + to.target.endpoint.host;
  } else {
    path = "/" + encoding::percent_encoded(bucket);
  }
  return to;
}

http::Response S3::send(const std::string& bucket, std::string_view key, std::string_view query, Request request,
                        std::string_view subject) {
  for (bool first = true;; first = false) {
    std::string path;
    const auto known = region_of_.find(bucket);
    const Destination to = s3_destination(*session_, known == region_of_.end() ? region_ : known->second, bucket, path);
    request.target = path + "/" + encoding::percent_encoded(key, "/");
    if (!query.empty()) request.target.append("?").append(query);
    http::Response response = client_.send(to, request, subject);
    if (response.status < 300) return response;
    const Fault fault = fault_of(response);
    if (!is_elsewhere(response, fault)) return response;
    if (!first || fault.region == to.scope.region) {
      io::throw_input(fmt::format("the bucket is in the region {}, and was asked for in {}: set AWS_REGION={}",
                                  fault.region, to.scope.region, fault.region),
                      subject);
    }
    region_of_[bucket] = fault.region;
  }
}

std::optional<S3Object> S3::head(const S3Name& name) {
  const http::Response response = send(name.bucket, name.key, "", {.method = "HEAD"}, name.text());
  if (response.status == 404) return std::nullopt;
  if (response.status >= 300) throw_service_error(response, name.text());
  return object_of(response);
}

std::optional<S3Object> S3::get(const S3Name& name, const Take& take, const GetOptions& options) {
  Download download(name, take, options);
  const http::Response response = send(name.bucket, name.key, "", download.request(), name.text());
  if (response.status == 304 && !options.if_none_match.empty()) return std::nullopt;
  if (response.status == 412) {
    io::throw_input("was replaced while it was read, and the connection broke", name.text());
  }
  if (response.status >= 300) throw_service_error(response, name.text());
  return download.finish(response);
}

std::optional<std::pair<std::string, S3Object>> S3::read(const S3Name& name, std::size_t longest) {
  std::string bytes;
  const Take take = [&](std::string_view part) {
    if (part.size() > longest - bytes.size()) {
      io::throw_input(fmt::format("is longer than the {} bytes that are read of it", longest), name.text());
    }
    bytes.append(part);
  };
  try {
    const std::optional<S3Object> object = get(name, take);
    return std::pair(std::move(bytes), *object);
  } catch (const ServiceError& error) {
    if (error.fault().code == "NoSuchKey") return std::nullopt;
    throw;
  }
}

std::optional<std::string> S3::put(const S3Name& name, std::string_view bytes, const PutOptions& options) {
  if (name.key.empty() || name.key.back() == '/') io::throw_usage(name.text() + ": expected the key of an object");
  return bytes.size() > kPartBytes ? put_in_parts(name, bytes, options) : put_whole(name, bytes, options);
}

std::optional<std::string> S3::put_whole(const S3Name& name, std::string_view bytes, const PutOptions& options) {
  Request request{.method = "PUT", .target = {}, .headers = object_headers(options), .body = bytes};
  request.headers.push_back({kSha256Header, encoding::sha256_base64(bytes)});
  add_conditions(options, request.headers);
  bool again = false;
  request.before_again = [&again](Request&) { again = true; };
  const http::Response response = send(name.bucket, name.key, "", std::move(request), name.text());
  if (is_condition_missed(response, options)) {
    return again ? written_before(name, "\"" + encoding::to_hex(encoding::md5(bytes)) + "\"") : std::nullopt;
  }
  if (response.status >= 300) throw_service_error(response, name.text());
  return std::string(response.header("ETag"));
}

std::optional<std::string> S3::written_before(const S3Name& name, const std::string& etag) {
  try {
    const std::optional<S3Object> there = head(name);
    if (there && there->etag == etag) return etag;
  } catch (const ServiceError&) {  // who may write need not be one who may look
  }
  return std::nullopt;
}

void S3::list(const S3Name& prefix, const std::function<bool(ListedObject&& object)>& visit) {
  std::string token;
  while (true) {
    std::string query = "encoding-type=url&list-type=2&prefix=" + encoding::percent_encoded(prefix.key);
    if (!token.empty()) query = "continuation-token=" + encoding::percent_encoded(token) + "&" + query;
    const http::Response response = send(prefix.bucket, "", query, {}, prefix.text());
    if (response.status >= 300) throw_service_error(response, prefix.text());
    pugi::xml_document document;
    const pugi::xml_parse_result read =
        document.load_buffer(response.body.data(), response.body.size(), pugi::parse_default, pugi::encoding_utf8);
    const pugi::xml_node result = document.child("ListBucketResult");
    if (!read || !result) {
      io::throw_input(
          fmt::format("the listing is no ListBucketResult: {}", read ? "another element" : read.description()),
          prefix.text());
    }
    const bool encoded = std::string_view(result.child_value("EncodingType")) == "url";
    for (const pugi::xml_node node : result.children("Contents")) {
      const std::string key = node.child_value("Key");
      ListedObject listed{encoded ? encoding::percent_decoded(key) : key, {}};
      listed.object.bytes = number_of(node.child_value("Size")).value_or(0);
      listed.object.etag = node.child_value("ETag");
      listed.object.modified_ms = text::parse_rfc3339(node.child_value("LastModified")).value_or(0);
      if (!visit(std::move(listed))) return;
    }
    std::string next = result.child_value("NextContinuationToken");
    if (std::string_view(result.child_value("IsTruncated")) != "true") return;
    if (next.empty() || next == token) io::throw_input("the listing goes on, and does not say where", prefix.text());
    token = std::move(next);
  }
}

void S3::remove(const S3Name& name) {
  const http::Response response = send(name.bucket, name.key, "", {.method = "DELETE"}, name.text());
  if (response.status >= 300 && response.status != 404) throw_service_error(response, name.text());
}

}  // namespace textlambda::aws
