// What a service of AWS answers where it does not do what it was asked: an error with AWS's own words.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/http/message.h"
#include "textlambda/io/error.h"

namespace textlambda::aws {

// What an answer says went wrong, in XML (S3) or in JSON and a header (Lambda); fields that it lacks are empty.
struct Fault {
  unsigned status = 0;
  std::string code = {};        // "NoSuchKey", "ResourceNotFoundException"
  std::string message = {};     // AWS's own
  std::string request_id = {};  // what AWS's support asks for
  std::string region = {};      // where S3 says that the bucket is elsewhere
};

// Never throws: an answer that is neither has its status alone.
Fault fault_of(const http::Response& response);

// Error(input_output): "SUBJECT: CODE: MESSAGE (status 403, request 7A62C49F347D9ABC)".
class ServiceError : public io::Error {
 public:
  ServiceError(Fault fault, std::string_view subject);

  const Fault& fault() const { return fault_; }

 private:
  Fault fault_;
};

// Where `response` is none of 2xx. `subject` is what was asked for: "s3://bucket/key", a function's name.
[[noreturn]] void throw_service_error(const http::Response& response, std::string_view subject);

}  // namespace textlambda::aws
