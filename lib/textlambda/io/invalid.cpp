#include "textlambda/io/invalid.h"

namespace textlambda::io {

std::string not_valid(std::string_view kind, std::string_view fault) {
  std::string reason = "not valid ";
  reason.append(kind).append(": ").append(fault);
  return reason;
}

std::string not_valid(std::string_view kind, std::string_view fault, std::size_t byte) {
  return not_valid(kind, fault) + " at byte " + std::to_string(byte);
}

}  // namespace textlambda::io
