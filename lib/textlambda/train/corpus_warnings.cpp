#include "textlambda/train/corpus_warnings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "textlambda/corpus/printable.h"
#include "textlambda/text/count.h"
#include "textlambda/text/normaliser.h"
#include "textlambda/text/utf8.h"

namespace textlambda::train {
namespace {

struct Document {
  std::uint64_t text = 0;  // DocumentBlock::seen_texts
  std::uint32_t label = 0;
  std::uint32_t chunk = 0;
  std::uint32_t place = 0;  // in its block

  bool before(const Document& other) const { return std::tie(chunk, place) < std::tie(other.chunk, other.place); }
};

// The first of several, and how many.
struct Found {
  std::uint64_t count = 0;
  std::optional<Document> first;

  void add(const Document& document) {
    ++count;
    if (!first || document.before(*first)) first = document;
  }
};

std::vector<Document> documents_by_text(const LabelledDocuments& documents) {
  std::vector<Document> all;
  all.reserve(documents.document_count);
  for (std::size_t chunk = 0; chunk < documents.blocks.size(); ++chunk) {
    const DocumentBlock& block = documents.blocks[chunk];
    for (std::size_t place = 0; place < block.size(); ++place) {
      all.push_back({block.seen_texts[place], block.labels[place], static_cast<std::uint32_t>(chunk),
                     static_cast<std::uint32_t>(place)});
    }
  }
  std::sort(all.begin(), all.end(), [](const Document& a, const Document& b) {
    return std::tie(a.text, a.label, a.chunk, a.place) < std::tie(b.text, b.label, b.chunk, b.place);
  });
  return all;
}

// "file:line: " of a document.
std::string location_of(const corpus::RowSource& corpus, const Document& document) {
  std::uint32_t left = document.place;
  std::uint64_t line = 0;
  corpus.read(document.chunk, [&](const corpus::Example& example) {
    if (!example.bad_reason.empty()) return true;
    line = example.line;
    return left-- > 0;
  });
  const corpus::Location where = corpus.locate(document.chunk, line);
  return where.file + ":" + std::to_string(where.line) + ": ";
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return count == 1 ? std::string(one) : text::grouped(count) + " " + many;
}

void warn_of_rows(const corpus::RowSource& corpus, const LabelledDocuments& documents,
                  std::vector<std::string>& warnings) {
  const std::vector<Document> all = documents_by_text(documents);
  Found repeated;
  Found contradicting;
  std::uint32_t other_label = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    while (end < all.size() && all[end].text == all[begin].text) ++end;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (all[i].label == all[i - 1].label) repeated.add(all[i]);
    }
    if (all[end - 1].label != all[begin].label) {
      // The first row of that text, and the first with another label than it.
      const auto earlier = [](const Document& a, const Document& b) { return a.before(b); };
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto to = all.begin() + static_cast<std::ptrdiff_t>(end);
      const Document first = *std::min_element(from, to, earlier);
      std::optional<Document> second;
      for (auto row = from; row != to; ++row) {
        if (row->label != first.label && (!second || row->before(*second))) second = *row;
      }
      contradicting.add(*second);
      if (!contradicting.first->before(*second)) other_label = first.label;
    }
    begin = end;
  }
  if (repeated.first) {
    warnings.push_back(location_of(corpus, *repeated.first) +
                       counted(repeated.count, "a row repeats an earlier one, text and label",
                               "rows repeat an earlier one, text and label; the first here"));
  }
  if (contradicting.first) {
    const std::string labels = corpus::in_quotes(documents.labels[contradicting.first->label]) + " and earlier " +
                               corpus::in_quotes(documents.labels[other_label]);
    warnings.push_back(
        location_of(corpus, *contradicting.first) +
        counted(contradicting.count, "a text has two labels: ", "texts have two labels or more; the first here: ") +
        labels);
  }
}

// A label as it would be without differences of case, of blanks and of the form of its characters.
std::string folded(const std::string& label) {
  text::NormalisedText normalised;
  normalised.assign(label, {});
  std::string result;
  for (std::size_t at = 0; at < normalised.size(); ++at) text::append_utf8(result, normalised.data()[at]);
  return result;
}

void warn_of_labels(const corpus::RowSource& corpus, const LabelledDocuments& documents,
                    std::vector<std::string>& warnings) {
  std::map<std::string, std::vector<std::uint32_t>> groups;
  for (std::uint32_t label = 0; label < documents.labels.size(); ++label) {
    groups[folded(documents.labels[label])].push_back(label);
  }
  std::erase_if(groups, [](const auto& group) { return group.second.size() < 2; });
  if (groups.empty()) return;
  // Of the first group that the corpus comes to, the label that is met second.
  std::vector<const std::vector<std::uint32_t>*> group_of(documents.labels.size(), nullptr);
  for (const auto& [name, labels] : groups) {
    for (const std::uint32_t label : labels) group_of[label] = &labels;
  }
  std::map<const std::vector<std::uint32_t>*, std::uint32_t> met;
  for (std::size_t chunk = 0; chunk < documents.blocks.size(); ++chunk) {
    const DocumentBlock& block = documents.blocks[chunk];
    for (std::size_t place = 0; place < block.size(); ++place) {
      const std::uint32_t label = block.labels[place];
      if (group_of[label] == nullptr) continue;
      const auto [before, is_first] = met.emplace(group_of[label], label);
      if (is_first || before->second == label) continue;
      const Document document{0, label, static_cast<std::uint32_t>(chunk), static_cast<std::uint32_t>(place)};
      warnings.push_back(
          location_of(corpus, document) +
          counted(groups.size(), "",
                  "times labels differ only in case, blanks or the form of their "
                  "characters; the first here: ") +
          "label " + corpus::in_quotes(documents.labels[label]) + " beside " +
          corpus::in_quotes(documents.labels[before->second]) +
          (groups.size() == 1 ? ", which differs only in case, blanks or the form of its characters" : ""));
      return;
    }
  }
}

}  // namespace

std::vector<std::string> corpus_warnings(const corpus::RowSource& corpus, const LabelledDocuments& documents) {
  std::vector<std::string> warnings;
  warn_of_rows(corpus, documents, warnings);
  warn_of_labels(corpus, documents, warnings);
  return warnings;
}

}  // namespace textlambda::train
