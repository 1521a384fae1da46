// A function's configuration as Lambda's API has it: read with its limits, and written.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
// Pure functions. What is wrong throws ApiError with Lambda's type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "textlambda/emulator/registry.h"

namespace textlambda::emulator {

// Members of a request, of the type that the API says; a missing one or null is nothing. Another type throws
// SerializationException.
std::optional<std::string> string_field(const nlohmann::json& object, const char* name);
std::optional<bool> flag_field(const nlohmann::json& object, const char* name);
std::optional<std::int64_t> integer_field(const nlohmann::json& object, const char* name, std::int64_t least,
                                          std::int64_t most);
const nlohmann::json* object_field(const nlohmann::json& object, const char* name);

// Applies what a CreateFunction or UpdateFunctionConfiguration request says; the rest stays.
void apply_configuration(const nlohmann::json& request, Function& function);
void apply_architectures(const nlohmann::json& request, Function& function);

// The answer of CreateFunction and its like. `qualifier` is how the caller named the version: it ends the ARN.
nlohmann::json configuration_json(const RegisteredFunction& registered, const Function& function,
                                  const std::string& qualifier);

// Whether a function may have that name: up to 64 letters, digits, - and _.
bool is_function_name(const std::string& name);

}  // namespace textlambda::emulator
