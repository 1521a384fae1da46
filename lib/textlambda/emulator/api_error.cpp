#include "textlambda/emulator/api_error.h"

namespace textlambda::emulator {

void throw_not_found(const std::string& message) { throw ApiError(404, "ResourceNotFoundException", message); }
void throw_conflict(const std::string& message) { throw ApiError(409, "ResourceConflictException", message); }
void throw_invalid_value(const std::string& message) { throw ApiError(400, "InvalidParameterValueException", message); }

void throw_validation(const std::string& value, const std::string& member, const std::string& constraint) {
  throw ApiError(400, "ValidationException",
                 "1 validation error detected: Value '" + value + "' at '" + member +
                     "' failed to satisfy constraint: Member must " + constraint);
}

void throw_not_built(const std::string& what) {
  throw ApiError(501, "NotImplementedException", "textlambda-emulate has no " + what);
}

}  // namespace textlambda::emulator
