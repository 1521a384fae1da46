// FilterCriteria of an event source mapping: a record is delivered where any of its patterns matches.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
//
// A pattern is an object like the record: each of its members is one that the record must have, an object again or a
// list of rules of which one must hold. Rules: a string, number, true, false or null, which the value equals;
// {"prefix"},
// {"suffix"}, {"equals-ignore-case"}, {"anything-but": value or list}, {"numeric": [">", 0, "<=", 5]}, {"exists": true
// or false}. A value that is a list matches where an element of it does. "$or" is a list of patterns. Immutable;
// thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace textlambda::sources {

class Filters {
 public:
  // {"Filters": [{"Pattern": "{\"body\": …}"}]}, a pattern as the string that AWS wants or as an object. Throws
  // Error(input_output) that names `file` and what is wrong with which pattern.
  Filters(std::string_view criteria, const std::string& file);
  ~Filters();

  // `payload` is the member of the record that holds what was sent ("body", "data", "value"): its text, where the
  // record itself has it as a string. A pattern that looks into it as an object matches JSON alone, one that has rules
  // for it itself a text alone; without a word about it, anything.
  bool match(const nlohmann::json& record, const char* payload, std::string_view text) const;

 private:
  struct Patterns;
  std::unique_ptr<Patterns> patterns_;
};

}  // namespace textlambda::sources
