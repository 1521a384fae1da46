// Whose a source is: what its ARNs are made of. Plain values.
#pragma once

#include <string>

namespace textlambda::sources {

struct Account {
  std::string region = "us-east-1";
  std::string id = "123456789012";
  std::string function = "function";  // the name of the function that the events go to

  // arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE
  std::string arn(const std::string& service, const std::string& resource) const {
    return "arn:aws:" + service + ":" + region + ":" + id + ":" + resource;
  }
  std::string function_arn() const { return arn("lambda", "function:" + function); }
};

}  // namespace textlambda::sources
