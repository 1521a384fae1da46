// An HTTP request and its response, as plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace textlambda::http {

struct Header {
  std::string name;
  std::string value;
};

// The first header of that name, in any case of letters; empty if there is none.
std::string_view find_header(const std::vector<Header>& headers, std::string_view name);

// The letters of ASCII alone: a header's name as others are held against it.
std::string lower_case(std::string_view name);

struct Request {
  std::string method = "GET";
  std::string target = "/";          // behind the path of the endpoint
  std::vector<Header> headers = {};  // besides Host, User-Agent and Content-Length
  std::string_view body = {};        // not owned
  // Sending it twice does no harm: it is sent again if a kept connection turns out to be closed before a byte of the
  // answer has come.
  bool repeatable = false;
};

struct Response {
  unsigned status = 0;
  std::vector<Header> headers;
  std::string body;

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

}  // namespace textlambda::http
