#include "textlambda/train/document_sample.h"

namespace textlambda::train {
namespace {

void append(const DocumentBlock& from, const BlockTerms& terms, std::size_t document, DocumentBlock& to) {
  const std::uint32_t begin = from.begin(document);
  const std::uint32_t end = from.document_end[document];
  const auto start = static_cast<std::uint32_t>(to.terms.size());
  const auto append_part = [&](auto& list, const auto& all) {
    const auto own = all.subspan(begin, end - begin);
    list.insert(list.end(), own.begin(), own.end());
  };
  append_part(to.terms, terms.terms());
  append_part(to.counts, terms.counts());
  to.words_end.push_back(from.words_end[document] - begin + start);
  to.document_end.push_back(end - begin + start);
  to.labels.push_back(from.labels[document]);
}

}  // namespace

LabelledDocuments take_flagged(const LabelledDocuments& documents, const std::vector<std::uint8_t>& flags) {
  constexpr std::size_t kPerBlock = 256;
  LabelledDocuments taken;
  for_each_flagged(documents, flags, [&](const DocumentBlock& block, const BlockTerms& terms, std::size_t document) {
    if (taken.document_count++ % kPerBlock == 0) taken.blocks.emplace_back();
    append(block, terms, document, taken.blocks.back());
  });
  return taken;
}

}  // namespace textlambda::train
