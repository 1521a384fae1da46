// Where the values of a JSON text begin and end, so that an event reaches the function byte for byte as it stood. Only
// the structure is read, without recursion and in one pass: whether a value is valid JSON in every detail is for the
// one who parses it. Pure functions, thread-safe; any bytes may be given.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

namespace textlambda::json {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

// The first position at or after `position` that is not JSON's white space (RFC 8259, section 2).
std::size_t skip_space(std::string_view text, std::size_t position);

// Behind the value that begins at `begin` (no white space); nothing if none does or it is cut off.
std::optional<std::size_t> value_end(std::string_view text, std::size_t begin);

// A member of an object: the key as written between its quotes, and where the value is.
struct Member {
  std::string_view key;
  Span value;
};

// Visits the members of the object that `text` is, in order, until `visit` returns false. False where `text` is no
// object with nothing but white space around it.
bool visit_members(std::string_view text, const std::function<bool(const Member&)>& visit);
// The same for the elements of an array.
bool visit_elements(std::string_view text, const std::function<bool(Span)>& visit);

}  // namespace textlambda::json
