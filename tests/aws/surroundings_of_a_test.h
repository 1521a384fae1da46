// Surroundings whose clock a test moves, whose sleeps are counted, and whose chance is always the longest.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "textlambda/aws/surroundings.h"

namespace textlambda::aws {

struct TestSurroundings {
  std::map<std::string, std::string> variables = {{"HOME", "/nowhere"}};
  signing::Moment now{std::chrono::seconds(1440938160)};  // 20150830T123600Z
  std::chrono::milliseconds elapsed{0};
  std::vector<std::chrono::milliseconds> sleeps;

  // Of `this`, which has to outlive them.
  Surroundings get() {
    Surroundings own;
    own.variable = [this](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::string() : found->second;
    };
    own.now = [this] { return now; };
    own.elapsed = [this] { return elapsed; };
    own.sleep = [this](std::chrono::milliseconds time) {
      sleeps.push_back(time);
      elapsed += time;
    };
    own.random = [] { return 0.5; };
    return own;
  }
};

}  // namespace textlambda::aws
