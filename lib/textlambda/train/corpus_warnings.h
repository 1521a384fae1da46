// What in a corpus is worth a look before its model is used: rows that repeat, texts under several labels, labels that
// hardly differ.
#pragma once

#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/train/document_counts.h"

namespace textlambda::train {

// A sentence for each that was found, with how many there are and "file:line: " of the first in front. Texts are equal
// where the model sees no difference. Reads the partitions again that hold the first ones.
std::vector<std::string> corpus_warnings(const corpus::RowSource& corpus, const LabelledDocuments& documents);

}  // namespace textlambda::train
