#include "textlambda/corpus/formats/json_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/corpus/column_choice.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kText = 0;
constexpr std::size_t kLabel = 1;
constexpr std::size_t kColumns = 2;

// What is no JSON is left to the reader to report.
std::vector<Json> first_objects(const NextObject& next) {
  std::vector<Json> objects;
  std::string_view object;
  std::string buffer;
  while (next(object)) {
    object = text::trimmed(object);
    if (object.empty() || object.front() != '{' || object.size() > kMaxRowBytes) continue;
    std::string valid(text::repair_utf8(object, buffer).text);
    json::replace_lone_surrogates(valid);
    Json row = Json::parse(valid, nullptr, false);
    if (row.is_object()) objects.push_back(std::move(row));
  }
  return objects;
}

std::vector<ColumnProfile> profile_fields(const std::vector<Json>& rows) {
  std::vector<ColumnProfile> fields;
  for (const Json& row : rows) {
    for (const auto& [key, value] : row.items()) {
      const auto found = std::find_if(fields.begin(), fields.end(),
                                      [name = key](const ColumnProfile& field) { return field.name() == name; });
      ColumnProfile& field = found != fields.end() ? *found : fields.emplace_back(key);
      if (value.is_string()) {
        field.add(value.get_ref<const std::string&>());
      } else if (value.is_number() || value.is_boolean()) {
        field.add(value.dump());
      }
    }
    if (fields.size() > 1000) break;  // keys that are data, not names
  }
  return fields;
}

bool has_path(const Json& row, const std::vector<std::string>& path) {
  const Json* value = &row;
  for (const std::string& token : path) {
    if (value->is_object() && value->contains(token)) {
      value = &(*value)[token];
    } else if (const auto index = json::element_index(token); index && value->is_array() && *index < value->size()) {
      value = &(*value)[*index];
    } else {
      return false;
    }
  }
  return true;
}

void require_field(const Sample& sample, const std::vector<Json>& rows, const std::vector<ColumnProfile>& fields,
                   const std::string& name) {
  const std::vector<std::string> path = field_path(name);
  if (std::any_of(rows.begin(), rows.end(), [&](const Json& row) { return has_path(row, path); })) return;
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const ColumnProfile& field : fields) names.push_back(field.name());
  io::throw_input("no field " + in_quotes(name) + " in the first rows: found " + list_in_quotes(names), sample.name);
}

std::size_t index_of(const std::vector<ColumnProfile>& fields, const std::string& name) {
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].name() == name) return index;
  }
  return kNoColumn;
}

// Where the first scalar of a nested value is, preferring what annotation tools put their labels under.
std::string pointer_into(const Json& value, std::string pointer) {
  constexpr int kDeepest = 8;
  constexpr std::array<std::string_view, 7> kWays = {"result", "value",    "choices", "label",
                                                     "labels", "category", "name"};
  const Json* at = &value;
  for (int depth = 0; depth < kDeepest && !at->empty() && (at->is_array() || at->is_object()); ++depth) {
    if (at->is_array()) {
      pointer += "/0";
      at = &at->front();
      continue;
    }
    const auto* const way =
        std::find_if(kWays.begin(), kWays.end(), [&](std::string_view key) { return at->contains(std::string(key)); });
    const std::string key = way != kWays.end() ? std::string(*way) : at->begin().key();
    pointer += '/' + key;
    at = &(*at)[key];
  }
  return pointer;
}

// Of a field that is an array or an object in every row that has it, such a value; nullptr for any other field.
const Json* nested_value(const std::vector<Json>& rows, const std::string& name) {
  const Json* nested = nullptr;
  for (const Json& row : rows) {
    const auto found = row.find(name);
    if (found == row.end() || found->is_null()) continue;
    if (!found->is_array() && !found->is_object()) return nullptr;
    if (nested == nullptr || nested->empty()) nested = &*found;
  }
  return nested;
}

[[noreturn]] void throw_nested(const Sample& sample, const std::vector<ColumnProfile>& fields, const std::string& name,
                               const Json& value) {
  const std::string such = value.empty() ? "" : ", such as --label " + pointer_into(value, "/" + name);
  io::throw_input("cannot tell which field is the label: " + in_quotes(name) +
                      (value.is_array() ? " is an array, " : " is an object, ") + "such as " +
                      in_quotes(json::compact(value)) + "; found " + list_with_examples(fields) +
                      "; say it with --label" + such,
                  sample.name);
}

// Exports of annotation tools: labels in arrays, beside fields that only seem to be labels.
void refuse_annotations(const Sample& sample, const std::vector<Json>& rows, const std::vector<ColumnProfile>& fields) {
  constexpr std::array<std::string_view, 4> kAnnotations = {"accept", "annotations", "annotation", "completions"};
  constexpr std::array<std::string_view, 3> kAnswers = {"accept", "reject", "ignore"};
  const ColumnProfile* answer = nullptr;
  std::size_t best_rank = kNoColumn;
  std::size_t nested_rank = kNoColumn;
  std::string nested_name;
  bool annotated = false;
  for (const ColumnProfile& field : fields) {
    const bool answers =
        field.name() == "answer" && field.filled() > 0 &&
        std::any_of(kAnswers.begin(), kAnswers.end(), [&](std::string_view value) { return field.contains(value); });
    if (answers) answer = &field;
    const bool known = is_exact_label_name(field.name());
    const bool tool = std::find(kAnnotations.begin(), kAnnotations.end(), field.name()) != kAnnotations.end();
    if (!known && !tool) continue;
    const bool nested = nested_value(rows, field.name()) != nullptr;
    if (nested && tool && !annotated) {
      annotated = true;
      nested_rank = 0;
      nested_name = field.name();
    } else if (nested && known && label_name_rank(field.name()) < nested_rank) {
      nested_rank = label_name_rank(field.name());
      nested_name = field.name();
    } else if (!nested && known && !answers) {
      best_rank = std::min(best_rank, label_name_rank(field.name()));
    }
  }
  if (!nested_name.empty() && nested_rank < best_rank && !(annotated && best_rank == 0)) {
    throw_nested(sample, fields, nested_name, *nested_value(rows, nested_name));
  }
  if (answer == nullptr || !(answer->contains("reject") || answer->contains("ignore") || best_rank == kNoColumn))
    return;
  io::throw_input(
      "cannot tell which field is the label: \"answer\" says which rows an annotator accepted, rejected or "
      "ignored; found " +
          list_with_examples(fields) + "; keep the accepted rows and say it with --label",
      sample.name);
}

void choose_among(const Sample& sample, const std::vector<Json>& rows, const CorpusOptions& options,
                  JsonFields& chosen) {
  const std::vector<ColumnProfile> fields = profile_fields(rows);
  if (!options.text.empty()) require_field(sample, rows, fields, options.text);
  if (!options.label.empty()) require_field(sample, rows, fields, options.label);
  chosen.text = options.text;
  chosen.label = options.label;
  if (!chosen.text.empty() && (!chosen.label.empty() || !options.need_label)) return;

  if (options.need_label && options.label.empty()) refuse_annotations(sample, rows, fields);
  ChoiceContext context;
  context.file = sample.name;
  context.noun = "field";
  context.need_label = options.need_label && options.label.empty();
  context.given = {index_of(fields, options.text), index_of(fields, options.label)};
  if (!options.text.empty() && context.given.text == kNoColumn) {
    // The text is below the top level: only the label is left to choose, and only its name can tell.
    std::vector<std::string> names;
    for (const ColumnProfile& field : fields) {
      if (is_label_name(field.name())) names.push_back(field.name());
    }
    if (names.size() != 1) io::throw_input("say which field is the label with --label", sample.name);
    chosen.label = names.front();
    return;
  }
  const ColumnChoice choice = choose_columns(fields, context);
  chosen.text = fields[choice.text].name();
  if (chosen.label.empty() && choice.label != kNoColumn) chosen.label = fields[choice.label].name();
}

// A recognised name is a field of the top level even where it starts with '/'.
void add_field(FieldTree& tree, const std::string& name, bool given, std::size_t target) {
  if (name.empty()) return;
  if (given || name.front() != '/') {
    tree.add(name, target);
  } else {
    tree.children.push_back({name, {target}, {}});
  }
}

std::string field_fault(const std::string& name, JsonValue::Kind kind) {
  if (kind == JsonValue::Kind::missing) return "no field " + in_quotes(name);
  std::string reason = "field " + in_quotes(name);
  reason += ' ';
  reason += kind_fault(kind);
  return reason;
}

}  // namespace

JsonFields choose_fields(const Sample& sample, const NextObject& next, const CorpusOptions& options) {
  const std::vector<Json> rows = first_objects(next);
  JsonFields chosen;
  chosen.columns = options.columns.size();
  chosen.need_label = options.need_label;
  if (rows.empty()) {
    // Nothing to recognise fields from: the reader reports the rows under the names it was given or the usual ones.
    chosen.text = options.text.empty() ? "text" : options.text;
    chosen.label = options.label.empty() && options.need_label ? "label" : options.label;
  } else {
    choose_among(sample, rows, options, chosen);
  }
  add_field(chosen.tree, chosen.text, !options.text.empty(), kText);
  add_field(chosen.tree, chosen.label, !options.label.empty(), kLabel);
  for (std::size_t index = 0; index < options.columns.size(); ++index) {
    chosen.tree.add(options.columns[index], kColumns + index);
  }
  return chosen;
}

bool shows_text(std::string_view object, const CorpusOptions& options) {
  bool given = false;
  const std::vector<Json> rows = first_objects([&](std::string_view& next) {
    next = object;
    return !std::exchange(given, true);
  });
  if (rows.empty()) return false;
  if (!options.text.empty()) return has_path(rows.front(), field_path(options.text));
  const auto items = rows.front().items();
  return std::any_of(items.begin(), items.end(),
                     [](const auto& item) { return item.value().is_string() && is_exact_text_name(item.key()); });
}

bool starts_as_object(std::string_view bytes) {
  if (bytes.size() < 2 || bytes.front() != '{') return false;
  const std::string_view rest = text::trimmed(bytes.substr(1));
  return !rest.empty() && (rest.front() == '"' || bytes == "{}");
}

JsonTaker::JsonTaker(const JsonFields& fields, RowSink& sink)
    : fields_(fields), sink_(sink), row_(fields.tree, kColumns + fields.columns) {}

bool JsonTaker::take(std::string_view object, std::uint64_t line, std::size_t readable) {
  if (object.size() > kMaxRowBytes) {
    return sink_.reject(line, [] { return std::string("a row longer than 16 MiB"); });
  }
  if (!row_.read(object, readable)) {
    return sink_.reject(line, [&] { return json_fault(object); });
  }
  return deliver(line);
}

bool JsonTaker::deliver(std::uint64_t line) {
  const JsonValue& text = row_.values()[kText];
  const JsonValue& label = row_.values()[kLabel];
  if (text.kind != JsonValue::Kind::scalar) {
    return sink_.reject(line, [&] { return field_fault(fields_.text, text.kind); });
  }
  const bool has_label = label.kind == JsonValue::Kind::scalar;
  if (fields_.need_label && !has_label) {
    return sink_.reject(line, [&] { return field_fault(fields_.label, label.kind); });
  }
  for (std::size_t index = 0; index < sink_.columns().size(); ++index) {
    const JsonValue& value = row_.values()[kColumns + index];
    sink_.columns()[index] = value.kind == JsonValue::Kind::null ? std::string_view() : value.text;
  }
  return sink_.deliver(line, text.text, has_label ? label.text : std::string_view(), row_.repaired());
}

}  // namespace textlambda::corpus
