#include "textlambda/train/fit/fit_rows.h"

#include <algorithm>
#include <tuple>

#include "textlambda/features/n_gram_hash.h"
#include "textlambda/io/executor.h"

namespace textlambda::train {
namespace {

struct HashedDocument {
  std::uint64_t hash = 0;  // of its features and counts
  std::uint32_t label = 0;
  std::uint32_t document = 0;
};

std::uint64_t hash_row(const DocumentBlock& block, const BlockTerms& terms, std::size_t document) {
  const std::uint32_t* const ids = terms.terms().data();
  const std::uint8_t* const counts = terms.counts().data();
  std::uint64_t hash = block.words_end[document] - block.begin(document);
  for (std::uint32_t at = block.begin(document); at < block.document_end[document]; ++at) {
    hash = features::hash_step(hash, (std::uint64_t{ids[at]} << 8) | counts[at]);
  }
  return features::hash_finish(hash);
}

}  // namespace

void FitRows::add(std::uint32_t document, bool held_out, std::span<const LabelPart> parts) {
  documents_.push_back(document);
  held_out_.push_back(held_out ? 1 : 0);
  parts_.insert(parts_.end(), parts.begin(), parts.end());
  end_.push_back(static_cast<std::uint32_t>(parts_.size()));
  labelled_ = documents_.size();
}

void FitRows::add_guessed(std::size_t first, const Guesses& guesses) {
  for (std::size_t document = 0; document < guesses.size(); ++document) {
    documents_.push_back(static_cast<std::uint32_t>(first + document));
    held_out_.push_back(0);
    for (const Guesses::Share& share : guesses[document]) parts_.push_back({share.label, share.documents, 0});
    end_.push_back(static_cast<std::uint32_t>(parts_.size()));
  }
}

FitRows FitRows::without_held_out() const {
  FitRows rest;
  for (std::size_t row = 0; row < labelled_; ++row) {
    if (!held_out(row)) rest.add(document(row), false, parts(row));
  }
  return rest;
}

FitRows FitRows::shard(std::size_t number, std::size_t count) const {
  FitRows own;
  std::size_t labelled = 0;
  for (std::size_t row = number; row < size(); row += count) {
    own.add(document(row), held_out(row), parts(row));
    labelled += guessed(row) ? 0 : 1;
  }
  own.labelled_ = labelled;
  return own;
}

FitRows merge_rows(const LabelledDocuments& documents, const std::vector<std::uint8_t>& held_out,
                   const io::Executor& executor) {
  std::vector<HashedDocument> hashed(documents.document_count);
  const std::vector<std::size_t> first = first_documents(documents);
  executor.run(documents.blocks.size(), [&](std::size_t number, unsigned) {
    const DocumentBlock& block = documents.blocks[number];
    const BlockTerms terms(block);
    for (std::size_t document = 0; document < block.size(); ++document) {
      const std::size_t index = first[number] + document;
      // The lowest bit tells the two sides apart.
      hashed[index] = {(hash_row(block, terms, document) << 1) | (held_out[index] != 0 ? 1U : 0U),
                       block.labels[document], static_cast<std::uint32_t>(index)};
    }
  });
  std::sort(hashed.begin(), hashed.end(), [](const HashedDocument& a, const HashedDocument& b) {
    return std::tie(a.hash, a.label, a.document) < std::tie(b.hash, b.label, b.document);
  });
  FitRows rows;
  std::vector<FitRows::LabelPart> parts;
  for (std::size_t begin = 0, end = 0; begin < hashed.size(); begin = end) {
    parts.clear();
    for (; end < hashed.size() && hashed[end].hash == hashed[begin].hash; ++end) {
      if (parts.empty() || parts.back().label != hashed[end].label) parts.push_back({hashed[end].label, 0, 0});
      parts.back().documents += 1;
    }
    rows.add(hashed[begin].document, (hashed[begin].hash & 1) != 0, parts);
  }
  return rows;
}

}  // namespace textlambda::train
