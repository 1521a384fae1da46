// What stands in the headers of a request that writes an object, in one go or in parts, and what answers them. Pure
// functions. Private to this folder.
#pragma once

#include <vector>

#include "textlambda/aws/s3.h"
#include "textlambda/http/message.h"

namespace textlambda::aws {

inline std::vector<http::Header> object_headers(const PutOptions& options) {
  std::vector<http::Header> headers = {{"Content-Type", options.content_type}};
  if (!options.link.empty()) headers.push_back({"x-amz-meta-textlambda-link", options.link});
  return headers;
}

inline void add_conditions(const PutOptions& options, std::vector<http::Header>& headers) {
  if (!options.if_match.empty()) headers.push_back({"If-Match", options.if_match});
  if (options.if_absent) headers.push_back({"If-None-Match", "*"});
}

// 412: it does not hold. 404: If-Match, of what is not there. Not 409, which says that somebody else writes at the same
// time, and nothing of what comes of that: it is sent again (is_transient()).
inline bool is_condition_missed(const http::Response& response, const PutOptions& options) {
  if (options.if_match.empty() && !options.if_absent) return false;
  if (response.status == 412) return true;
  return response.status == 404 && !options.if_match.empty() && fault_of(response).code == "NoSuchKey";
}

}  // namespace textlambda::aws
