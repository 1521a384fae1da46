// Where a text stands in JSON: JSON Pointers (RFC 6901), tried in turn. Immutable, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/json/pointer.h"

namespace textlambda::events {

// What the pointers lead to.
struct PointedText {
  const std::string* text = nullptr;  // borrowed from the document; null where no pointer leads to a text
  std::string_view blank_at;          // then, the first pointer that leads to a string of nothing but white space
};

class TextPointers {
 public:
  // Throws Error(usage) for what is no JSON Pointer.
  explicit TextPointers(const std::vector<std::string>& pointers);

  PointedText find(const nlohmann::json& document) const;
  // What the first pointer leads to that leads to anything but null; null where none does.
  const nlohmann::json* find_value(const nlohmann::json& document) const;

  // "/text, /message or /body", for error messages.
  const std::string& list() const { return list_; }

 private:
  struct Pointer {
    std::string spelling;
    json::Pointer tokens;
  };
  std::vector<Pointer> pointers_;
  std::string list_;
};

}  // namespace textlambda::events
