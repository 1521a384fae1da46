#include "training_options.h"

#include <charconv>

#include <fmt/format.h>

#include "textlambda/archive/input_bytes.h"
#include "textlambda/features/stop_words.h"
#include "textlambda/io/error.h"

namespace textlambda::command {
namespace {

// "2-5", "3" or "none".
features::NGramRange parse_range(const std::string& text, const char* option) {
  if (text == "none" || text == "0") return {};
  features::NGramRange range;
  const char* end = text.data() + text.size();
  std::from_chars_result parsed = std::from_chars(text.data(), end, range.min);
  range.max = range.min;
  if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '-') {
    parsed = std::from_chars(parsed.ptr + 1, end, range.max);
  }
  if (parsed.ec != std::errc() || parsed.ptr != end || range.min < 1) {
    io::throw_usage(fmt::format("{}: \"{}\" given, expected a range such as 1-2, a number, or none", option, text));
  }
  return range;
}

// "4" or "none".
int parse_negation(const std::string& text) {
  if (text == "none") return 0;
  int scope = 0;
  const char* end = text.data() + text.size();
  const std::from_chars_result parsed = std::from_chars(text.data(), end, scope);
  if (parsed.ec != std::errc() || parsed.ptr != end || scope < 0) {
    io::throw_usage(fmt::format("--negation: \"{}\" given, expected a number of words, none or auto", text));
  }
  return scope;
}

std::string read_stop_words(const std::string& choice) {
  if (choice == "none") return "";
  if (choice == "en") return std::string(features::english_stop_words());
  return std::string(archive::InputBytes::open(choice).view());
}

}  // namespace

void TrainingOptions::add_to(Options& declared) {
  declared.add_option("--seed", options_.seed, "Seed of the order of documents and of the held-out part [1]");
  const std::string features = "Features";
  declared.add_option("--words", words_, "Runs of words: MIN-MAX or none [1-2]").group(features);
  declared.add_option("--chars", characters_, "Runs of characters: MIN-MAX, none or auto [2-5 for short texts]")
      .group(features);
  declared.add_option("--negation", negation_, "How many words \"not\" negates, none or auto [4 for up to 5 labels]")
      .group(features);
  declared.add_flag("--keep-case", keep_case_, "Tell upper from lower case, as is done for source code")
      .group(features);
  declared.add_flag("--fold-case", fold_case_, "Take both for one, in source code too").group(features);
  declared.add_option("--stop-words", stop_words_, "Words to leave out: none, en, or a file [none]").group(features);
  declared
      .add_option("--min-documents,--min-count", options_.min_documents,
                  "Drop n-grams in fewer documents than this [2, 1 for small corpora]")
      .group(features);

  const std::string fitting = "Fitting";
  declared.add_option("--c", c_, "Inverse regularisation [8 for two labels, 16 for more, less for noise]")
      .group(fitting);
  declared.add_option("--prior", options_.prior, "Strength of the naive Bayes prior of the weights; 0: none [0.1]")
      .group(fitting);
  declared.add_option("--epochs", options_.epochs, "Passes over the corpus [5, from 20,000 documents on 4 or 3]")
      .group(fitting);
  declared.add_flag("--balance-labels", options_.balance_labels, "Weigh labels by the inverse of their frequency")
      .group(fitting);
  declared.add_option("--label-weight", label_weights_, "LABEL=WEIGHT, repeatable").group(fitting);
  declared.add_option("--holdout", options_.holdout, "Share held out to measure and calibrate; 0: none [0.1]")
      .group(fitting);

  const std::string model = "Model";
  declared.add_option("--precision", precision_, "Weights as int8, float16 or float32 [int8]")
      .one_of({"int8", "float16", "float32"})
      .group(model);
  declared.add_option("--keep", options_.keep, "Share of the features kept [0.5; for small corpora and code 1]")
      .group(model);
  declared.add_option("--inspect-bytes", options_.inspect_bytes, "Budget for readable n-grams [65536]").group(model);
  declared
      .add_flag("!--no-row-filter", options_.row_filter,
                "Keep no filter of the training rows: nobody can ask for a text")
      .group(model);
  declared
      .add_option("--abstain-threshold", options_.abstain_threshold, "Confidence below which the model abstains [0]")
      .group(model);
}

std::string TrainingOptions::stop_words_file() const {
  return stop_words_ == "none" || stop_words_ == "en" ? "" : stop_words_;
}

train::TrainOptions TrainingOptions::options() const {
  train::TrainOptions options = options_;
  options.words = parse_range(words_, "--words");
  if (characters_ != "auto") options.characters = parse_range(characters_, "--chars");
  if (negation_ != "auto") options.negation_scope = parse_negation(negation_);
  if (keep_case_ && fold_case_) io::throw_usage("--keep-case and --fold-case: expected one of them");
  if (keep_case_ || fold_case_) options.lower_case = fold_case_;
  options.stop_words = read_stop_words(stop_words_);
  if (c_ != 0) options.c = c_;
  for (const std::string& text : label_weights_) {
    const std::size_t equals = text.rfind('=');
    double weight = 0;
    const char* end = text.data() + text.size();
    if (equals == std::string::npos || equals == 0 ||
        std::from_chars(text.data() + equals + 1, end, weight).ptr != end || equals + 1 == text.size()) {
      io::throw_usage(fmt::format("--label-weight: \"{}\" given, expected LABEL=WEIGHT, such as spam=2.5", text));
    }
    options.label_weights[text.substr(0, equals)] = weight;
  }
  using model::Precision;
  options.precision = precision_ == "int8"      ? Precision::int8
                      : precision_ == "float16" ? Precision::float16
                                                : Precision::float32;
  train::validate(options);
  return options;
}

}  // namespace textlambda::command
