// What the emulator hosts: one version of a function, as a caller reaches it. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "textlambda/emulator/code.h"

namespace textlambda::emulator {

inline constexpr const char* kLatest = "$LATEST";

struct Function {
  std::string name;
  std::string version = kLatest;  // or 1, 2, …
  std::string description;
  std::string role;
  std::string runtime = "provided.al2023";
  std::string handler = "bootstrap";
  std::string architecture = "x86_64";
  unsigned memory_mb = 128;
  unsigned temporary_mb = 512;  // told, not enforced
  std::chrono::milliseconds timeout{3000};
  std::map<std::string, std::string> environment;
  std::string dead_letter_arn;
  bool json_logs = false;
  bool tenants = false;          // each environment serves one tenant, and every call names one
  unsigned max_concurrency = 1;  // invocations that an environment takes at a time
  // Members of the configuration that change nothing here, as JSON: TracingConfig, VpcConfig …
  std::map<std::string, std::string> told;
  std::shared_ptr<const Code> code;
  std::string last_modified;  // 2026-01-31T12:00:00.000+0000
  std::string revision_id;
  std::string region = "us-east-1";
  std::string account = "012345678912";

  // arn:aws:lambda:REGION:ACCOUNT:function:NAME
  std::string arn() const { return "arn:aws:lambda:" + region + ":" + account + ":function:" + name; }
  std::string qualified_arn() const { return arn() + ":" + version; }
};

}  // namespace textlambda::emulator
