#include "textlambda/sources/filter.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/document.h"

namespace textlambda::sources {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPatterns = 10;  // an account may have more on request
constexpr json::Limits kPatternLimits = {.depth = 50, .values = 10'000};

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_scalar(const Json& value) { return !value.is_structured(); }

std::string numeric_fault(const Json& operands) {
  static const std::set<std::string> kOperators = {"=", "<", "<=", ">", ">="};
  if (!operands.is_array() || operands.empty() || operands.size() % 2 != 0) {
    return "\"numeric\" expects a list of operators and numbers by turns";
  }
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    if (!operands[i].is_string() || !kOperators.contains(operands[i].get<std::string>())) {
      return "\"numeric\" expects =, <, <=, > or >= before each number";
    }
    if (!operands[i + 1].is_number()) return "\"numeric\" expects a number behind each operator";
  }
  return "";
}

// Why a rule is none; empty where it is one.
std::string rule_fault(const Json& rule) {
  if (is_scalar(rule)) return "";
  if (!rule.is_object() || rule.size() != 1) return "a rule is a value or an object with one member";
  const std::string& name = rule.begin().key();
  const Json& operand = rule.begin().value();
  if (name == "prefix" || name == "suffix" || name == "equals-ignore-case") {
    return operand.is_string() ? "" : fmt::format("\"{}\" expects a string", name);
  }
  if (name == "exists") return operand.is_boolean() ? "" : "\"exists\" expects true or false";
  if (name == "numeric") return numeric_fault(operand);
  if (name == "anything-but") {
    const bool list = operand.is_array() && !operand.empty() && std::all_of(operand.begin(), operand.end(), is_scalar);
    return is_scalar(operand) || list ? "" : "\"anything-but\" expects a value or a list of values";
  }
  return fmt::format("\"{}\" is no rule: expected prefix, suffix, equals-ignore-case, anything-but, numeric or exists",
                     name);
}

std::string pattern_fault(const Json& pattern) {
  if (!pattern.is_object() || pattern.empty()) return "expected an object with members";
  for (const auto& [name, value] : pattern.items()) {
    if (name == "$or") {
      if (!value.is_array() || value.size() < 2) return "\"$or\" expects a list of two patterns or more";
      for (const Json& alternative : value) {
        if (std::string fault = pattern_fault(alternative); !fault.empty()) return fault;
      }
    } else if (value.is_object()) {
      if (std::string fault = pattern_fault(value); !fault.empty()) return name + ": " + fault;
    } else if (value.is_array() && !value.empty()) {
      for (const Json& rule : value) {
        if (std::string fault = rule_fault(rule); !fault.empty()) return name + ": " + fault;
      }
    } else {
      return name + ": expected an object or a list of rules";
    }
  }
  return "";
}

bool compare(double left, const std::string& how, double right) {
  if (how == "=") return left == right;
  if (how == "<") return left < right;
  if (how == "<=") return left <= right;
  if (how == ">") return left > right;
  return left >= right;
}

bool is_one_of(const Json& value, const Json& list) {
  if (!list.is_array()) return value == list;
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Of a value that is there and no list.
bool rule_holds(const Json& rule, const Json& value) {
  if (is_scalar(rule)) return value == rule;
  const std::string& name = rule.begin().key();
  const Json& operand = rule.begin().value();
  if (name == "exists") return operand.get<bool>() && is_scalar(value);
  if (name == "anything-but") return is_scalar(value) && !is_one_of(value, operand);
  if (name == "numeric") {
    if (!value.is_number()) return false;
    for (std::size_t i = 0; i < operand.size(); i += 2) {
      if (!compare(value.get<double>(), operand[i].get<std::string>(), operand[i + 1].get<double>())) return false;
    }
    return true;
  }
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto& wanted = operand.get_ref<const std::string&>();
  if (name == "prefix") return text.starts_with(wanted);
  if (name == "suffix") return text.ends_with(wanted);
  return lower_case(text) == lower_case(wanted);
}

bool is_absence(const Json& rule) { return rule.is_object() && rule.contains("exists") && !rule["exists"].get<bool>(); }

bool any_rule_holds(const Json& rules, const Json* value) {
  if (value == nullptr) return std::any_of(rules.begin(), rules.end(), is_absence);
  return std::any_of(rules.begin(), rules.end(), [&](const Json& rule) {
    if (!value->is_array()) return rule_holds(rule, *value);
    return std::any_of(value->begin(), value->end(), [&](const Json& element) { return rule_holds(rule, element); });
  });
}

bool pattern_matches(const Json& pattern, const Json* value) {
  for (const auto& [name, wanted] : pattern.items()) {
    if (name == "$or") {
      const bool any = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const Json& alternative) { return pattern_matches(alternative, value); });
      if (!any) return false;
      continue;
    }
    const Json* inner = json::member(value, name.c_str());
    const bool matches = wanted.is_object() ? pattern_matches(wanted, inner) : any_rule_holds(wanted, inner);
    if (!matches) return false;
  }
  return true;
}

// Whether a pattern looks into the payload as an object.
bool looks_into(const Json& pattern, const char* payload) {
  const Json* wanted = json::member(pattern, payload);
  if (wanted != nullptr) return wanted->is_object();
  const Json* alternatives = json::member(pattern, "$or");
  return alternatives != nullptr && std::any_of(alternatives->begin(), alternatives->end(),
                                                [&](const Json& one) { return looks_into(one, payload); });
}

}  // namespace

struct Filters::Patterns {
  std::vector<Json> patterns;
};

Filters::Filters(std::string_view criteria, const std::string& file) : patterns_(std::make_unique<Patterns>()) {
  Json document;
  if (const std::string fault = json::read(criteria, kPatternLimits, document); !fault.empty()) {
    io::throw_input(fault, file);
  }
  const Json* list = json::member(document, "Filters");
  if (list == nullptr || !list->is_array() || list->empty() || list->size() > kMostPatterns) {
    io::throw_input(fmt::format("expected {{\"Filters\": [{{\"Pattern\": …}}]}} with 1 to {} patterns", kMostPatterns),
                    file);
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Json* pattern = json::member((*list)[i], "Pattern");
    Json parsed;
    std::string fault = "has no Pattern";
    if (pattern != nullptr && pattern->is_string()) {
      fault = json::read(pattern->get_ref<const std::string&>(), kPatternLimits, parsed);
    } else if (pattern != nullptr) {
      parsed = *pattern;
      fault.clear();
    }
    if (fault.empty()) fault = pattern_fault(parsed);
    if (!fault.empty()) io::throw_input(fmt::format("filter {}: {}", i + 1, fault), file);
    patterns_->patterns.push_back(std::move(parsed));
  }
}

Filters::~Filters() = default;

bool Filters::match(const Json& record, const char* payload, std::string_view text) const {
  Json with_text = record;
  Json as_json;
  const bool is_json = json::read(text, {}, as_json).empty() && as_json.is_structured();
  return std::any_of(patterns_->patterns.begin(), patterns_->patterns.end(), [&](const Json& pattern) {
    const bool into = looks_into(pattern, payload);
    if (into && !is_json) return false;
    if (!into && is_json && pattern.contains(payload)) return false;
    with_text[payload] = into ? as_json : Json(std::string(text));
    return pattern_matches(pattern, &with_text);
  });
}

}  // namespace textlambda::sources
