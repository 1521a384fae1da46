// Small models made by hand: every precision, two and more labels, words, characters and both. The tests, the seeds of
// the fuzz targets and the independent reader (reference_predict.py) share them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/features/n_grams.h"
#include "textlambda/model/linear/writer.h"

namespace textlambda::model {

// Adds the feature of an n-gram as a person reads it: tokens joined by a space, or characters with "␣" for a space.
// `weights`: one for two labels, else one a label. Throws std::logic_error if the content's options make no such n-gram
// or its key is taken.
void add_feature(linear::LinearContent& content, features::Group group, std::string_view n_gram, float scale,
                 const std::vector<float>& weights);

linear::LinearContent two_label_words(Precision precision);  // word 1-2-grams: a film is good or bad
linear::LinearContent three_label_mixed(
    Precision precision);  // word 1-2-grams and character 2-4-grams, Chinese among them

struct SampleModel {
  std::string name;
  linear::LinearContent content;
};
// The two above in each precision, and: characters alone, case kept with stop words and an abstain threshold, no
// features at all, every word and every character n-gram there can be.
std::vector<SampleModel> sample_models();

// Texts that are worth predicting: ordinary, empty, punctuation, unknown words, broken UTF-8, combining marks, NUL.
std::vector<std::string> sample_texts();

}  // namespace textlambda::model
