// Every row that a model got wrong, one after another, to go through by hand or by script.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "textlambda/corpus/row_source.h"
#include "textlambda/metrics/judged_rows.h"

namespace textlambda::metrics {

// The views are valid only during the call that delivers it.
struct WrongRow {
  std::string_view file;
  std::uint64_t line = 0;  // from 1
  std::string_view label;  // the true one
  std::string_view predicted;
  float confidence = 0;  // of the predicted one, 0 … 1
  bool abstained = false;
  std::string_view text;  // empty where texts were not asked for
};

enum class Texts { left_out, read };

// In the order of the inputs. `corpus` is the one that was evaluated; it is read again where texts are asked for, a
// partition at a time. Throws Error as the corpus does.
void for_each_wrong_row(const JudgedRows& rows, const corpus::RowSource& corpus, Texts texts,
                        const std::function<void(const WrongRow&)>& visit);

enum class RowFormat { jsonl, csv };

// ".csv" is CSV (RFC 4180), all else JSON Lines.
RowFormat row_format_of(std::string_view path);

// The first line of a file of that format; empty for JSON Lines.
std::string wrong_rows_header(RowFormat format, Texts texts);
// One row with the line's end. JSON: {"file","line","label","predicted","confidence","abstained","text"}.
std::string to_line(const WrongRow& row, RowFormat format, Texts texts);

}  // namespace textlambda::metrics
