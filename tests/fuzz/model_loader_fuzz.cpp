// Any bytes as a model file, their size and checksums made true so that changes get past those: an Error, or a model
// whose every use stays inside its bytes and gives sound answers.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>

#include "textlambda/io/error.h"
#include "textlambda/model/classifier.h"
#include "textlambda/model/explanation.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/text/utf8.h"

#include "tests/model/model_bytes.h"

using namespace textlambda;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_utf8(std::string_view text) { return text::valid_utf8_prefix(text) == text.size(); }

void use(const model::Classifier& classifier) {
  static constexpr std::array<std::string_view, 6> kTexts{
      "",
      "a good film, not bad!! good",
      "charged twice charged",
      "\xE9\x80\x81\xE8\xB4\xA7 cafe\xCC\x81",
      "\xFF\xC3 \xE2\x82",
      "Polish polish THE state of the art the church zyzzyva 0123456789"};
  model::Scratch scratch;
  for (const std::string_view text : kTexts) {
    const model::Prediction prediction = classifier.predict(text, scratch);
    require(prediction.label_index < classifier.label_count());
    require(prediction.label == classifier.label(prediction.label_index));
    require(prediction.confidence > 0 && prediction.confidence <= 1);  // false for NaN
    const model::DocumentTraits traits = scratch.traits();
    require(traits.known_n_grams <= traits.n_grams && traits.label == prediction.label_index);
    require(!std::isnan(traits.log_odds));
    for (const std::size_t label : {std::size_t{0}, classifier.label_count() - 1}) {
      const model::Explanation explanation = explain(classifier, text, label);
      require(std::isfinite(explanation.logit));
      for (const model::Contribution& contribution : explanation.contributions) {
        require(std::isfinite(contribution.logit) && is_utf8(contribution.n_gram));
      }
    }
  }
  for (std::size_t i = 0; i < classifier.label_count(); ++i) require(is_utf8(classifier.label(i)));
  for (const model::LabelNGram& n_gram : classifier.file().strongest_n_grams()) {
    require(n_gram.label < classifier.label_count() && is_utf8(n_gram.text));
  }
  require(is_utf8(classifier.file().card()));
  require(classifier.file().id().size() == 16);
  const model::Sketch sketch = classifier.file().sketch();
  const auto sum = [](const auto& counts) { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); };
  require(sum(sketch.coverage) == sketch.documents && sum(sketch.predicted) == sketch.documents);
  const double coverage = model::mean_coverage(sketch);
  require(coverage >= 0 && coverage <= 1);
  for (std::uint64_t hash = 1; hash != 0; hash <<= 1) {
    require(!classifier.file().row_filter().contains(hash) || classifier.file().row_filter().present());
  }
  // Another threshold makes another sound model.
  const model::AlignedBytes stored(model::with_abstain_threshold(classifier.file().bytes(), 0.5F));
  require(model::ModelFile::view(stored.view(), "stored.tlm").abstain_threshold() == 0.5F);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.size() >= sizeof(model::format::Header)) {
    model::format::Header header = model::read_header(bytes);
    header.file_size = bytes.size();
    model::write_header(bytes, header);
    model::sign(bytes);
  }
  const model::AlignedBytes aligned(bytes);
  try {
    use(model::Classifier(model::ModelFile::view(aligned.view(), "fuzz.tlm")));
  } catch (const io::Error& error) {
    require(error.kind() == io::ErrorKind::input_output);
  }
  return 0;
}
