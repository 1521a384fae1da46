#include "textlambda/corpus/json_row.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/corpus/printable.h"
#include "textlambda/corpus/readers.h"
#include "textlambda/text/blank.h"

namespace textlambda::corpus {
namespace {

constexpr std::size_t kText = 0;
constexpr std::size_t kLabel = 1;
constexpr std::size_t kColumns = 2;

std::string field_fault(const std::string& name, JsonValue::Kind kind) {
  if (kind == JsonValue::Kind::missing) return "no field " + in_quotes(name);
  std::string reason = "field " + in_quotes(name);
  reason += ' ';
  reason += kind_fault(kind);
  return reason;
}

bool deliver(const JsonRow& row, std::uint64_t line, const Dialect& dialect, const CorpusOptions& options,
             RowSink& sink) {
  const JsonValue& text = row.values()[kText];
  const JsonValue& label = row.values()[kLabel];
  if (text.kind != JsonValue::Kind::scalar) {
    return sink.reject(line, [&] { return field_fault(dialect.text, text.kind); });
  }
  const bool has_label = label.kind == JsonValue::Kind::scalar;
  if (options.need_label && !has_label) {
    return sink.reject(line, [&] { return field_fault(dialect.label, label.kind); });
  }
  for (std::size_t index = 0; index < sink.columns().size(); ++index) {
    const JsonValue& value = row.values()[kColumns + index];
    sink.columns()[index] = value.kind == JsonValue::Kind::null ? std::string_view() : value.text;
  }
  return sink.deliver(line, text.text, has_label ? label.text : std::string_view(), row.repaired());
}

}  // namespace

void read_jsonl(const ChunkBytes& bytes, const Dialect& dialect, const CorpusOptions& options, RowSink& sink) {
  JsonRow row(dialect.fields, kColumns + options.columns.size());
  LineCursor lines(bytes.chunk, dialect.line_end);
  std::string_view line;
  bool more = true;
  while (more && lines.next(line)) {
    const std::uint64_t number = lines.number();
    if (text::trimmed(line).empty()) continue;
    if (line.size() > kMaxRowBytes) {
      more = sink.reject(number, [] { return std::string("a row longer than 16 MiB"); });
    } else if (!row.read(line, lines.rest().size() + bytes.readable_after)) {
      more = sink.reject(number, [&] { return json_fault(line); });
    } else {
      more = deliver(row, number, dialect, options, sink);
    }
  }
}

}  // namespace textlambda::corpus
