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
    const auto counted = terms.count(hashes, hashes.size());
    const std::size_t before = block.terms.size();
    if (before + counted.size() > UINT32_MAX) {
      io::throw_input("one chunk of the corpus has more n-grams than can be counted");
    }
    block.terms.resize(before + counted.size());
    block.counts.resize(block.terms.size());
    for (std::size_t i = 0; i < counted.size(); ++i) {
      block.terms[before + i] = counted[i].id;
      block.counts[before + i] = static_cast<std::uint8_t>(counted[i].count);
    }
    ends.push_back(static_cast<std::uint32_t>(block.terms.size()));
  };
  append(features::Group::words, block.words_end);
  append(features::Group::characters, block.document_end);
  block.n_grams.push_back(static_cast<std::uint32_t>(n_grams));
  block.characters.push_back(static_cast<std::uint32_t>(terms.characters()));
  block.row_hashes.push_back(features::row_hash(text));
  block.seen_texts.push_back(terms.fingerprint());
  block.gists.push_back(terms.gist());
}

constexpr std::size_t kReleasedTogether = 16;  // chunks

// N-grams that a chunk has at most as a rule: room for them is not made piece by piece.
constexpr std::size_t kUsualTerms = std::size_t{1} << 19;

// What a worker keeps from one chunk to the next.
struct Desk {
  features::TextTerms terms;
  // A block's while it grows: it ends in memory of the right size.
  UnfilledVector<std::uint32_t> block_terms;
  UnfilledVector<std::uint8_t> block_counts;
};

// One chunk: `read(add)` calls add(text) for each of its texts.
template <typename Read>
void count_block(DocumentBlock& block, const Counting& counting, const std::shared_ptr<TermStore>& store, Desk& desk,
                 unsigned worker, Read&& read) {
  block.terms.swap(desk.block_terms);
  block.counts.swap(desk.block_counts);
  block.terms.reserve(kUsualTerms);
  block.counts.reserve(kUsualTerms);
  read([&](std::string_view text) { append_document(block, text, counting.features, counting.hash_bits, desk.terms); });
  if (counting.counted) counting.counted(block, worker);
  block.store(store);
  block.terms.swap(desk.block_terms);
  block.counts.swap(desk.block_counts);
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

// Signs that source code, markup and configuration are full of and prose is not: every 25th visible character is one in
// three of four pieces of code, and in one of seven messages with headers and quotations, the most of any prose tried.
bool is_like_code(std::string_view text) {
  constexpr std::string_view kSigns = "{}[]<>=_/\\|&*+#$^~";
  std::size_t visible = 0;
  std::size_t signs = 0;
  for (const char character : text) {
    visible += static_cast<unsigned char>(character) > ' ' ? 1U : 0U;
    signs += kSigns.find(character) != std::string_view::npos ? 1U : 0U;
  }
  return signs * 25 >= visible && signs > 0;
}

}  // namespace

LabelledDocuments count_documents(const corpus::RowSource& corpus, const Counting& counting,
                                  const io::Executor& executor, const ReadProgress& progress) {
  const std::size_t chunks = corpus.partition_count();
  LabelledDocuments documents;
  documents.memory = counting.memory;
  documents.blocks.resize(chunks);
  const auto store = std::make_shared<TermStore>(counting.memory);
  std::vector<LabelNumbers> chunk_labels(chunks);
  std::vector<corpus::PartitionSummary> summaries(chunks);
  std::vector<Desk> desks(executor.workers());
  std::mutex progress_mutex;
  std::size_t done = 0;

  executor.run(chunks, [&](std::size_t chunk, unsigned worker) {
    DocumentBlock& block = documents.blocks[chunk];
    count_block(block, counting, store, desks[worker], worker, [&](const auto& add) {
      summaries[chunk] = corpus.read(chunk, [&](const corpus::Example& example) {
        add(example.text);
        block.labels.push_back(chunk_labels[chunk].number(example.label));
        return true;
      });
    });
    // Some at a time, since all threads wait for it. What others are still reading is brought back.
    const std::size_t place = chunk % kReleasedTogether;
    if (place + 1 == kReleasedTogether || chunk + 1 == chunks) corpus.release(chunk - place, place + 1);
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

UnlabelledDocuments count_unlabelled(const corpus::RowSource& texts, const Counting& counting,
                                     const io::Executor& executor) {
  UnlabelledDocuments documents;
  documents.blocks.resize(texts.partition_count());
  const auto store = std::make_shared<TermStore>(counting.memory);
  std::vector<Desk> desks(executor.workers());
  executor.run(documents.blocks.size(), [&](std::size_t chunk, unsigned worker) {
    count_block(documents.blocks[chunk], counting, store, desks[worker], worker, [&](const auto& add) {
      texts.read(chunk, [&](const corpus::Example& example) {
        add(example.text);
        return true;
      });
    });
  });
  documents.count = count_documents_in(documents.blocks);
  return documents;
}

std::size_t count_documents_in(std::span<const DocumentBlock> blocks) {
  std::size_t count = 0;
  for (const DocumentBlock& block : blocks) count += block.size();
  return count;
}

std::vector<std::size_t> first_documents(const LabelledDocuments& documents) {
  std::vector<std::size_t> first;
  std::size_t next = 0;
  for (const DocumentBlock* const block : all_blocks(documents)) {
    first.push_back(next);
    next += block->size();
  }
  return first;
}

CorpusSample sample_corpus(const corpus::RowSource& corpus, const io::Executor& executor) {
  constexpr std::size_t kSamples = 8;
  struct Part {
    std::size_t bytes = 0;
    std::size_t texts = 0;
    std::size_t like_code = 0;
    LabelNumbers labels;
  };
  const std::size_t chunks = corpus.partition_count();
  std::vector<Part> parts(std::min(kSamples, chunks));
  executor.run(parts.size(), [&](std::size_t sample, unsigned) {
    Part& part = parts[sample];
    corpus.read(sample * chunks / parts.size(), [&](const corpus::Example& example) {
      part.bytes += example.text.size();
      ++part.texts;
      part.like_code += is_like_code(example.text) ? 1U : 0U;
      part.labels.number(example.label);
      return true;
    });
  });
  Part all;
  for (const Part& part : parts) {
    all.bytes += part.bytes;
    all.texts += part.texts;
    all.like_code += part.like_code;
    for (const std::string& label : part.labels.names()) all.labels.number(label);
  }
  if (all.texts == 0) return {};
  const auto texts = static_cast<double>(all.texts);
  return {static_cast<double>(all.bytes) / texts, all.labels.names().size(),
          static_cast<double>(all.like_code) / texts};
}

}  // namespace textlambda::train
