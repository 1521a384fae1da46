// --deploy of textlambda-package: the zip becomes the code of a function that is there already, and a version of it,
// that an alias leads to; and back.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "textlambda/aws/session.h"
#include "textlambda/package/deployment_zip.h"

#include "command/command.h"

namespace textlambda::command {

struct DeployArguments {
  std::string function;  // empty: nothing is deployed
  std::string alias;
  std::string canary;  // a share, as text::parse_share() takes it; empty: all of it
  std::string rollback;
  bool dry_run = false;
  aws::SessionOptions aws;

  void add_to(Options& options);
  bool asked() const { return !function.empty(); }
  // After parsing, without asking anybody. Throws Error(usage).
  void check(const Options& options);

  bool rolls_back = false;  // check() knows
};

// What came of it, for as_json() and as_text().
struct Deployment {
  std::string function;
  std::string region;
  std::string version;  // published; empty under --dry-run
  bool code_updated = false;
  bool dry_run = false;
  std::string alias;                      // empty: none was asked for
  std::string alias_before;               // the version that it led to; empty: it was made
  std::string alias_version;              // and leads to now
  std::map<std::string, double> weights;  // of other versions
};

// Updates the code, waits until that is done, publishes a version and moves the alias, each step told as a note.
// `output` is where the zip was written: what is in S3 is taken from there. Throws Error; the alias is then as it was.
Deployment deploy(const Command& command, const DeployArguments& arguments, const package::DeploymentZip& zip,
                  const std::string& output);

// The alias back: what a canary was given is taken away, or else to the version before, or to the one that is named.
Deployment roll_back(const Command& command, const DeployArguments& arguments);

std::string deployment_text(const Deployment& deployment);

}  // namespace textlambda::command
