#include <array>
#include <cstddef>

#include "textlambda/events/source_row.h"

namespace textlambda::events {
namespace {

struct NamedRow {
  std::string_view name;
  const SourceRow* row;
};

constexpr std::array<NamedRow, kSourceCount> kTable = {{
#define TEXTLAMBDA_SOURCE(name) {#name, &name::kRow},
    TEXTLAMBDA_SOURCES(TEXTLAMBDA_SOURCE)
#undef TEXTLAMBDA_SOURCE
}};

}  // namespace

const SourceRow& row_of(Source source) { return *kTable[static_cast<std::size_t>(source)].row; }

std::string_view source_name(Source source) { return kTable[static_cast<std::size_t>(source)].name; }

std::optional<Source> source_of(std::string_view name) {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].name == name) return static_cast<Source>(i);
  }
  return std::nullopt;
}

bool is_http(Source source) { return row_of(source).http != nullptr; }
bool takes_batch_failures(Source source) { return row_of(source).takes_batch_failures; }
bool carries_text(Source source) { return row_of(source).carries_text; }

}  // namespace textlambda::events
