#include "textlambda/retrain/round_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/json/document.h"

namespace textlambda::retrain {

std::string to_json(const RoundResult& result) {
  nlohmann::json json = nlohmann::json::parse(store::to_json(result.entry));
  json["status"] = std::move(json["outcome"]);
  json.erase("outcome");
  json.erase("action");
  json["repeated"] = result.repeated;
  json["warnings"] = result.warnings;
  return json::compact(json);
}

}  // namespace textlambda::retrain
