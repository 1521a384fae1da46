#include "textlambda/train/document_counts.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "textlambda/features/row_hash.h"
#include "textlambda/features/text_terms.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

// Labels of one chunk, numbered in the order of their first row.
class LabelNumbers {
 public:
  std::uint32_t number(std::string_view label) {
    if (last_ < names_.size() && names_[last_] == label) return last_;
    const auto found = numbers_.find(label);
    if (found != numbers_.end()) {
      last_ = found->second;
    } else {
      last_ = static_cast<std::uint32_t>(names_.size());
      names_.emplace_back(label);
      numbers_.emplace(names_.back(), last_);
    }
    return last_;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string> names_;
  std::uint32_t last_ = 0;
};

void append_document(DocumentBlock& block, std::string_view text, const features::FeatureOptions& options,
                     unsigned hash_bits, features::TextTerms& terms) {
  terms.assign(text, options);
  std::size_t n_grams = 0;
  const auto append = [&](features::Group group, std::vector<std::uint32_t>& ends) {
    const auto hashes = terms.n_grams(group, options, hash_bits);
    n_grams += hashes.size();
    for (const auto& term : terms.count(hashes, hashes.size())) {
      block.terms.push_back(term.id);
      block.counts.push_back(static_cast<std::uint8_t>(term.count));
    }
    ends.push_back(static_cast<std::uint32_t>(block.terms.size()));
  };
  append(features::Group::words, block.words_end);
  append(features::Group::characters, block.document_end);
  if (block.terms.size() > UINT32_MAX) io::throw_input("one chunk of the corpus has more n-grams than can be counted");
  block.n_grams.push_back(static_cast<std::uint32_t>(n_grams));
  block.characters.push_back(static_cast<std::uint32_t>(terms.characters()));
  block.row_hashes.push_back(features::row_hash(text));
  block.seen_texts.push_back(terms.fingerprint());
}

// Replaces each chunk's own label numbers by those of the sorted list of all names.
void unify_labels(LabelledDocuments& documents, const std::vector<LabelNumbers>& chunk_labels) {
  std::map<std::string_view, std::uint32_t> all;
  for (const LabelNumbers& numbers : chunk_labels) {
    for (const std::string& name : numbers.names()) all.emplace(name, 0);
  }
  for (auto& [name, number] : all) {
    number = static_cast<std::uint32_t>(documents.labels.size());
    documents.labels.emplace_back(name);
  }
  documents.label_counts.assign(documents.labels.size(), 0);
  for (std::size_t chunk = 0; chunk < documents.blocks.size(); ++chunk) {
    std::vector<std::uint32_t> translated;
    for (const std::string& name : chunk_labels[chunk].names()) translated.push_back(all.at(name));
    for (std::uint32_t& label : documents.blocks[chunk].labels) {
      label = translated[label];
      ++documents.label_counts[label];
    }
    documents.document_count += documents.blocks[chunk].size();
  }
}

void add_summary(LabelledDocuments& documents, const corpus::PartitionSummary& chunk_rows, std::size_t chunk) {
  documents.rows.rows += chunk_rows.rows;
  documents.rows.repaired_rows += chunk_rows.repaired_rows;
  documents.rows.bad_row_count += chunk_rows.bad_row_count;
  for (const corpus::BadRow& row : chunk_rows.bad_rows) {
    if (documents.rows.bad_rows.size() == 10) return;
    documents.rows.bad_rows.push_back(row);
    documents.bad_row_chunks.push_back(chunk);
  }
}

std::string input_names(const corpus::RowSource& corpus) {
  std::string names;
  for (const auto& input : corpus.inputs()) names += (names.empty() ? "" : ", ") + input.name;
  return names;
}

}  // namespace

LabelledDocuments count_documents(const corpus::RowSource& corpus, const features::FeatureOptions& options,
                                  unsigned hash_bits, const io::Executor& executor, const ReadProgress& progress) {
  const std::size_t chunks = corpus.partition_count();
  LabelledDocuments documents;
  documents.blocks.resize(chunks);
  std::vector<LabelNumbers> chunk_labels(chunks);
  std::vector<corpus::PartitionSummary> summaries(chunks);
  std::vector<features::TextTerms> terms(executor.workers());
  std::mutex progress_mutex;
  std::size_t done = 0;

  executor.run(chunks, [&](std::size_t chunk, unsigned worker) {
    DocumentBlock& block = documents.blocks[chunk];
    summaries[chunk] = corpus.read(chunk, [&](const corpus::Example& example) {
      append_document(block, example.text, options, hash_bits, terms[worker]);
      block.labels.push_back(chunk_labels[chunk].number(example.label));
      return true;
    });
    corpus.release(chunk);
    if (progress) {
      const std::lock_guard<std::mutex> lock(progress_mutex);
      progress(++done, chunks);
    }
  });

  unify_labels(documents, chunk_labels);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) add_summary(documents, summaries[chunk], chunk);
  if (documents.document_count == 0)
    io::throw_input("has no usable rows, expected a labelled corpus", input_names(corpus));
  if (documents.labels.size() == 1) {
    io::throw_input("has only one label, \"" + documents.labels[0] + "\"; a classifier needs at least two",
                    input_names(corpus));
  }
  return documents;
}

CorpusSample sample_corpus(const corpus::RowSource& corpus) {
  constexpr std::size_t kSamples = 8;
  const std::size_t chunks = corpus.partition_count();
  std::size_t bytes = 0;
  std::size_t texts = 0;
  LabelNumbers labels;
  for (std::size_t sample = 0; sample < std::min(kSamples, chunks); ++sample) {
    const std::size_t chunk = sample * chunks / std::min(kSamples, chunks);
    corpus.read(chunk, [&](const corpus::Example& example) {
      bytes += example.text.size();
      ++texts;
      labels.number(example.label);
      return true;
    });
  }
  return {texts == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(texts), labels.names().size()};
}

}  // namespace textlambda::train
