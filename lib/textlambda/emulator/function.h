// What the emulator hosts. Plain values.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace textlambda::emulator {

struct Function {
  std::string name;
  std::string task_root;   // the folder that LAMBDA_TASK_ROOT names and that the process starts in
  std::string executable;  // a path; what plays the part of /var/task/bootstrap
  std::string handler = "bootstrap";
  unsigned memory_mb = 128;
  std::chrono::milliseconds timeout{3000};
  unsigned concurrency = 10;  // execution environments at a time
  std::map<std::string, std::string> environment;
  std::string region = "us-east-1";
  std::string account = "012345678912";

  // arn:aws:lambda:REGION:ACCOUNT:function:NAME
  std::string arn() const { return "arn:aws:lambda:" + region + ":" + account + ":function:" + name; }
};

}  // namespace textlambda::emulator
