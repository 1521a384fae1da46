// Functions as the command line and a file of several describe them (docs/emulate.md has the file's form, TOML).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "textlambda/emulator/function.h"
#include "textlambda/emulator/registry.h"

namespace textlambda::emulator {

struct FunctionSpec {
  std::string name;
  std::string file;  // a program or a zip
  std::string own;   // in its place one of ours: "serve", or "retrain"; the caller knows where they are
  std::string handler = "bootstrap";
  unsigned memory_mb = 128;
  std::chrono::milliseconds timeout{3000};
  std::map<std::string, std::string> environment;
  std::optional<unsigned> concurrency;  // environments at a time; nothing: the emulator's limit
  unsigned max_concurrency = 1;
  bool json_logs = false;
  bool tenants = false;
  EventInvokeConfig event_invoke;
  std::vector<std::string> sources;  // KIND:FILE…
};

// The tables [functions.NAME] of the file, in the order of their names; what they leave out is as `defaults` has it.
// Relative names of files are meant from the folder of the TOML file. Throws Error(input_output), naming the file and
// the line, for what is no TOML, and for a member that is unknown, of another type or out of range.
std::vector<FunctionSpec> read_functions_file(const std::string& path, const FunctionSpec& defaults);

// Reads the code: a zip is unpacked below the folder `scratch`. Throws Error(input_output).
std::shared_ptr<Function> function_of(const FunctionSpec& spec, const std::string& scratch);

}  // namespace textlambda::emulator
