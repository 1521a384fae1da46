#include <algorithm>

#include <nlohmann/json.hpp>

#include "textlambda/corpus/column_choice.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/recognition.h"
#include "textlambda/io/error.h"
#include "textlambda/json/pointer.h"
#include "textlambda/json/surrogates.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::corpus {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kRowsRead = 100;

// The objects among the first lines; what is no JSON is left to the reader to report.
std::vector<Json> first_objects(const Sample& sample) {
  std::vector<Json> objects;
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::string buffer;
  while (objects.size() < kRowsRead && lines.next(line)) {
    line = text::trimmed(line);
    if (line.empty() || line.front() != '{' || line.size() > kMaxRowBytes) continue;
    std::string valid(text::repair_utf8(line, buffer).text);
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

void choose_fields(const Sample& sample, const std::vector<Json>& rows, const CorpusOptions& options,
                   Dialect& dialect) {
  const std::vector<ColumnProfile> fields = profile_fields(rows);
  if (!options.text.empty()) require_field(sample, rows, fields, options.text);
  if (!options.label.empty()) require_field(sample, rows, fields, options.label);
  dialect.text = options.text;
  dialect.label = options.label;
  if (!dialect.text.empty() && (!dialect.label.empty() || !options.need_label)) return;

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
    dialect.label = names.front();
    return;
  }
  const ColumnChoice choice = choose_columns(fields, context);
  dialect.text = fields[choice.text].name();
  if (dialect.label.empty() && choice.label != kNoColumn) dialect.label = fields[choice.label].name();
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

}  // namespace

bool looks_like_jsonl(const Sample& sample) {
  LineCursor lines(sample.bytes, sample.line_end);
  std::string_view line;
  std::string buffer;
  std::size_t rows = 0;
  std::size_t objects = 0;
  while (rows < kRowsRead && lines.next(line)) {
    line = text::trimmed(line);
    if (line.empty()) continue;
    ++rows;
    // Broken rows count too where they start as an object does: the reader tells what is wrong with them.
    if (line.front() != '{' || line.size() < 2) continue;
    const std::string_view rest = text::trimmed(line.substr(1));
    if (!rest.empty() && (rest.front() == '"' || line == "{}")) ++objects;
  }
  return 2 * objects > rows;
}

void refuse_other_json(const Sample& sample) {
  const std::string_view bytes = text::trimmed(sample.bytes);
  if (bytes.empty()) return;
  const std::string_view rest = text::trimmed(bytes.substr(1));
  if (bytes.front() == '[' && !rest.empty() && (rest.front() == '{' || rest.front() == '[' || rest.front() == '"')) {
    io::throw_input("is a JSON array, expected JSON Lines: one object a line, without brackets and commas around them",
                    sample.name);
  }
  const std::string_view first_line = text::trimmed(bytes.substr(0, bytes.find(sample.line_end)));
  if (bytes.front() == '{' && !rest.empty() && rest.front() == '"' && first_line != bytes) {
    io::throw_input("is JSON over several lines, expected JSON Lines: one object a line", sample.name);
  }
}

void recognise_jsonl(const Sample& sample, const CorpusOptions& options, Dialect& dialect) {
  const std::vector<Json> rows = first_objects(sample);
  if (rows.empty()) {
    // Nothing to recognise fields from: the reader reports the rows under the names it was given or the usual ones.
    dialect.text = options.text.empty() ? "text" : options.text;
    dialect.label = options.label.empty() && options.need_label ? "label" : options.label;
  } else {
    choose_fields(sample, rows, options, dialect);
  }
  add_field(dialect.fields, dialect.text, !options.text.empty(), 0);
  add_field(dialect.fields, dialect.label, !options.label.empty(), 1);
  for (std::size_t index = 0; index < options.columns.size(); ++index) {
    dialect.fields.add(options.columns[index], index + 2);
  }
}

}  // namespace textlambda::corpus
