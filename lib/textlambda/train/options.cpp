#include "textlambda/train/options.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"

namespace textlambda::train {
namespace {

// `good` is false for NaN too, as every comparison with it is.
template <typename T>
void require(bool good, const char* option, const T& found, const char* expected) {
  if (!good) io::throw_usage(fmt::format("{}: {} given, expected {}", option, found, expected));
}

nlohmann::json to_json(const features::NGramRange& range) {
  return range.empty() ? nlohmann::json(nullptr) : nlohmann::json::array({range.min, range.max});
}

}  // namespace

void validate(const TrainOptions& options) {
  features::FeatureOptions features;
  features.words = options.words;
  if (options.characters) features.characters = *options.characters;
  if (const char* flaw = features::find_flaw(features)) io::throw_usage(flaw);
  if (options.negation_scope) {
    require(*options.negation_scope >= 0 && *options.negation_scope <= features::kMaxNegationScope, "negation",
            *options.negation_scope, "0 … 15");
  }
  if (options.min_documents) {
    require(*options.min_documents >= 1 && *options.min_documents <= 1000000, "min-documents", *options.min_documents,
            "1 … 1000000");
  }
  if (options.c) require(*options.c >= 1e-6 && *options.c <= 1e6, "C", *options.c, "1e-6 … 1e6");
  require(options.prior >= 0 && options.prior <= 10, "prior", options.prior, "0 … 10");
  for (const auto& [label, weight] : options.label_weights) {
    require(weight >= 1e-6 && weight <= 1e6, ("weight of label \"" + label + "\"").c_str(), weight, "1e-6 … 1e6");
  }
  if (options.epochs) require(*options.epochs >= 1 && *options.epochs <= 1000, "epochs", *options.epochs, "1 … 1000");
  require(options.holdout >= 0 && options.holdout <= 0.5, "holdout", options.holdout, "a share from 0 to 0.5");
  if (options.keep)
    require(*options.keep > 0 && *options.keep <= 1, "keep", *options.keep, "a share above 0, at most 1");
  require(options.abstain_threshold >= 0 && options.abstain_threshold <= 1, "abstain-threshold",
          options.abstain_threshold, "0 … 1");
}

std::string to_json(const TrainOptions& options) {
  nlohmann::json json;
  json["words"] = to_json(options.words);
  json["characters"] = options.characters ? to_json(*options.characters) : nlohmann::json("auto");
  json["negation_scope"] = options.negation_scope ? nlohmann::json(*options.negation_scope) : nlohmann::json("auto");
  json["lower_case"] = options.lower_case ? nlohmann::json(*options.lower_case) : nlohmann::json("auto");
  json["stop_words"] = options.stop_words;
  json["min_documents"] = options.min_documents ? nlohmann::json(*options.min_documents) : nlohmann::json("auto");
  json["c"] = options.c ? nlohmann::json(*options.c) : nlohmann::json("auto");
  json["prior"] = options.prior;
  json["balance_labels"] = options.balance_labels;
  json["label_weights"] = options.label_weights;
  json["epochs"] = options.epochs ? nlohmann::json(*options.epochs) : nlohmann::json("auto");
  json["seed"] = options.seed;
  json["holdout"] = options.holdout;
  json["max_holdout"] = options.max_holdout;
  json["keep"] = options.keep ? nlohmann::json(*options.keep) : nlohmann::json("auto");
  json["precision"] = model::precision_name(options.precision);
  json["inspect_bytes"] = options.inspect_bytes;
  json["row_filter"] = options.row_filter;
  json["abstain_threshold"] = options.abstain_threshold;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace textlambda::train
