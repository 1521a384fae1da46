// Which columns or fields hold the text and the label: by their names, else by what is in them. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "textlambda/corpus/corpus.h"

namespace textlambda::corpus {

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

// A column over the first rows of an input.
class ColumnProfile {
 public:
  explicit ColumnProfile(std::string name) : name_(std::move(name)) {}

  void add(std::string_view value);
  void rename(std::string name) { name_ = std::move(name); }

  const std::string& name() const { return name_; }
  // Rows with something in this column.
  std::size_t filled() const { return filled_; }
  std::size_t distinct() const { return values_.size(); }
  double mean_length() const;
  // The first value there was, for messages.
  const std::string& example() const { return example_; }
  bool all_numbers() const { return filled_ > 0 && numbers_ == filled_; }
  bool contains(std::string_view value) const { return values_.count(std::string(value)) > 0; }
  // Few distinct values, coming again, and short: what labels look like. Dates and links do not.
  bool looks_like_labels() const;
  // One value everywhere, or hardly one twice: rules out labels.
  bool cannot_be_labels() const;
  bool constant() const { return filled_ >= 4 && distinct() == 1; }

 private:
  std::string name_;
  std::size_t filled_ = 0;
  std::size_t numbers_ = 0;
  std::size_t dates_and_links_ = 0;
  std::string example_;
  std::size_t bytes_ = 0;
  std::unordered_set<std::string> values_;
};

struct ColumnChoice {
  std::size_t text = kNoColumn;
  std::size_t label = kNoColumn;  // kNoColumn only where no label is needed
};

struct ChoiceContext {
  std::string file;       // for messages
  std::string_view noun;  // "column" or "field"
  bool need_label = true;
  bool may_compare = false;  // whether content may decide among more than two columns
  ColumnChoice given;        // what the user named; kNoColumn: recognise
};

// Throws Error(input_output) naming the columns where they do not tell.
ColumnChoice choose_columns(const std::vector<ColumnProfile>& columns, const ChoiceContext& context);

// Whether a column of this name is known to hold texts or labels ("review_text", "Category").
bool is_text_name(std::string_view name);
bool is_label_name(std::string_view name);
// The same of a whole name alone ("text", "Category").
bool is_exact_text_name(std::string_view name);
bool is_exact_label_name(std::string_view name);
// Smaller where it is better known; kNoColumn where it is none.
std::size_t label_name_rank(std::string_view name);

// `"message" ("I was charged twice"), …`: names, each with a value.
std::string list_with_examples(const std::vector<ColumnProfile>& columns);

bool is_number(std::string_view value);

}  // namespace textlambda::corpus
