#include "textlambda/json/result.h"

#include <nlohmann/json.hpp>

namespace textlambda::json {

std::string result_text(nlohmann::json result) {
  result["schema_version"] = kSchemaVersion;
  return result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace textlambda::json
