// Which files the paths on a command line mean.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace textlambda::recording {

struct InputList {
  std::vector<std::string> files;  // "-" is standard input
  // Left out: expected responses beside their event, and what a folder holds besides events (what is hidden, pipes,
  // names that end in something other than .json, .jsonl, .ndjson, .log, .txt, .gz, .zst or .zip). Told, so that
  // nothing is missing unnoticed; expected responses are not counted.
  std::vector<std::string> passed_over;
};

// A path may be a file, a folder (searched recursively, sorted by the bytes of the paths), a glob (*, ?, [a-z], and **
// for any folders), or "-". Where a file of a glob's very name exists, that is meant. Throws Error(input_output) for
// one that is missing, matches nothing, or is a folder without events.
InputList list_inputs(const std::vector<std::string>& paths);

// NAME.expected.json for NAME.json; empty for any other name.
std::string expected_path(const std::string& path);
// NAME.json for NAME.expected.json; empty for any other name.
std::string event_path(const std::string& expected);

}  // namespace textlambda::recording
