#include "textlambda/sagemaker/hyperparameters.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/document.h"

namespace textlambda::sagemaker {
namespace {

using Json = nlohmann::json;
using Table = std::vector<std::pair<std::string, std::string>>;  // sorted by name

// Of BlazingText's supervised mode, what says how its network is trained.
constexpr std::array<std::string_view, 9> kOfNetwork = {"buckets",       "early_stopping", "epochs",
                                                        "learning_rate", "min_epochs",     "patience",
                                                        "vector_dim",    "min_char",       "max_char"};

// SageMaker's Python SDK adds its own, and so does a tuning job.
bool is_of_platform(std::string_view name) { return name.starts_with("sagemaker_") || name.starts_with("_"); }

// The SDK spells each value as JSON where a script is to read it: "\"1-2\"".
std::string plain_value(const std::string& value) {
  if (value.size() < 2 || value.front() != '"') return value;
  return json::string_content(value).value_or(value);
}

std::string text_of(const std::string& name, const std::string& key, const Json& value) {
  if (value.is_string()) return plain_value(value.get_ref<const std::string&>());
  if (value.is_number() || value.is_boolean()) return value.dump();
  io::throw_input(fmt::format("{}: {} given, expected a string", key, value.type_name()), name);
}

Table read_table(std::string_view bytes, const std::string& name) {
  Json document;
  if (const std::string fault = json::read(bytes, {}, document); !fault.empty()) io::throw_input(fault, name);
  if (!document.is_object()) io::throw_input("expected a JSON object of hyperparameters", name);
  Table table;
  for (const auto& [key, value] : document.items()) {
    if (!is_of_platform(key)) table.emplace_back(key, text_of(name, key, value));
  }
  return table;
}

std::string option_of(std::string name, std::string_view value) {
  std::replace(name.begin(), name.end(), '_', '-');
  return fmt::format("--{}={}", name, value);
}

void translate_blazing_text(const Table& table, Hyperparameters& result) {
  std::vector<std::string> of_network;
  for (const auto& [name, value] : table) {
    if (name == "mode") {
      if (value != "supervised") {
        io::throw_usage(
            fmt::format("mode: \"{}\" given, expected supervised: word vectors are not trained here", value));
      }
    } else if (name == "word_ngrams") {
      result.arguments.push_back(option_of("words", "1-" + value));
    } else if (name == "min_count") {
      result.arguments.push_back(option_of("min_documents", value));
    } else if (std::find(kOfNetwork.begin(), kOfNetwork.end(), name) != kOfNetwork.end()) {
      of_network.push_back(name);
    } else {
      result.arguments.push_back(option_of(name, value));
    }
  }
  if (!of_network.empty()) {
    result.remarks.push_back(
        fmt::format("{}: without effect, nothing here has to be set by them", fmt::join(of_network, ", ")));
  }
}

}  // namespace

Hyperparameters read_hyperparameters(std::string_view bytes, const std::string& name) {
  const Table table = read_table(bytes, name);
  Hyperparameters result;
  result.blazing_text = std::any_of(table.begin(), table.end(), [](const auto& each) { return each.first == "mode"; });
  if (result.blazing_text) {
    translate_blazing_text(table, result);
  } else {
    for (const auto& [key, value] : table) result.arguments.push_back(option_of(key, value));
  }
  return result;
}

}  // namespace textlambda::sagemaker
