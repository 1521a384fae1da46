// Where two JSON texts differ: an expected response and the actual one. Order of members is nothing; order of elements
// counts. Where both have a string at the same place, and both strings hold a JSON object or array, plain or in Base64
// (the body of an HTTP answer, the data of a Firehose record), what they hold is compared instead, and the path goes on
// into it: /body/label. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "textlambda/json/pointer.h"

namespace textlambda::replay {

struct Difference {
  std::string path;  // a JSON Pointer; "" for the whole
  // Compact JSON, cut where longer than 1,000 bytes; empty where there is nothing at that place.
  std::string expected;
  std::string actual;
};

// What a difference is about: the answer itself, or only which model gave it, which no other model could answer alike -
// the id that classifications and health cards name it by, and the figures of its training beside that.
enum class About { answer, model_id, model_figures };
About about(const Difference& difference);

struct ComparisonOptions {
  // Numbers that differ by no more than this are equal.
  double tolerance = 0;
  // JSON Pointers of what may differ, with all that is below; a token * stands for any one element or member. They hold
  // from the root of every answer: of the whole, of each element of a list, and of what a string holds.
  std::vector<std::string> ignored;
};

// The fault of options in one line; empty where there is none.
std::string option_fault(const ComparisonOptions& options);

class Comparison {
 public:
  // Throws Error(usage) for bad options.
  explicit Comparison(const ComparisonOptions& options);

  // At most `kMaxDifferences` of answers, and as many of models; members in the order of their names, those that are
  // not expected last.
  std::vector<Difference> differences(std::string_view expected, std::string_view actual) const;

  static constexpr std::size_t kMaxDifferences = 100;

 private:
  double tolerance_;
  std::vector<json::Pointer> ignored_;
};

}  // namespace textlambda::replay
