#include "textlambda/model/explanation.h"

#include <string>
#include <variant>

#include "textlambda/model/classifier.h"
#include "textlambda/text/utf8.h"

namespace textlambda::model {

Explanation explain(const Classifier& classifier, std::string_view text, std::size_t label_index) {
  std::string buffer;
  const std::string_view valid = text::repair_utf8(text, buffer).text;
  const ModelFile& file = classifier.file();
  return std::visit([&](const auto& kind) { return kind.explain(file, valid, label_index); }, file.kind());
}

}  // namespace textlambda::model
