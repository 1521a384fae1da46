#include "tests/model/sample_models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include "textlambda/features/row_hash.h"
#include "textlambda/features/stop_words.h"
#include "textlambda/model/feature_index.h"
#include "textlambda/text/utf8.h"

namespace textlambda::model {
namespace {

using features::Group;

constexpr std::array kPrecisions{Precision::int8, Precision::float16, Precision::float32};

// The hash of the n-gram that reads `wanted` in a text of nothing else.
std::uint64_t hash_of(const features::FeatureOptions& options, Group group, std::string_view wanted) {
  std::string source(wanted.starts_with("NOT_") ? "not " + std::string(wanted.substr(4)) : wanted);
  static constexpr std::string_view kVisibleSpace = "\xE2\x90\xA3";
  for (std::size_t at = 0; (at = source.find(kVisibleSpace)) != std::string::npos;) {
    source.replace(at, kVisibleSpace.size(), " ");
  }
  text::NormalisedText text;
  text.assign(source, options.normaliser);
  bool found = false;
  std::uint64_t result = 0;
  if (group == Group::words) {
    features::for_each_word_n_gram(text, options, [&](std::uint64_t hash, const features::WordNGram& n_gram) {
      if (features::word_n_gram_string(text, n_gram) != wanted) return;
      found = true;
      result = hash;
    });
  } else {
    features::for_each_character_n_gram(text, options, [&](std::uint64_t hash, std::size_t begin, std::size_t end) {
      if (features::character_n_gram_string(text, begin, end) != wanted) return;
      found = true;
      result = hash;
    });
  }
  if (!found) throw std::logic_error("no n-gram \"" + std::string(wanted) + "\"");
  return result;
}

// A sketch of `documents` documents with a little of everything, and the first sample texts as rows.
void add_sketch_and_rows(linear::LinearContent& content, std::uint32_t documents) {
  Sketch sketch;
  sketch.predicted.assign(content.labels.size(), 0);
  sketch.training.assign(content.labels.size(), 7);
  for (std::uint32_t i = 0; i < documents; ++i) {
    sketch.add({10, i % 11, std::uint64_t{5} * i, i % static_cast<std::uint32_t>(content.labels.size()), i - 4.0});
  }
  content.sketch = sketch;
  std::string buffer;
  for (std::size_t i = 0; i < 14; i += 2) {
    content.row_hashes.push_back(features::row_hash(text::repair_utf8(sample_texts()[i], buffer).text));
  }
}

linear::LinearContent characters_only() {
  linear::LinearContent content;
  content.feature_options.words = {};
  content.feature_options.characters = {1, 3};
  content.hash_bits = 16;
  content.labels = {"de", "en", "fi", "fr", "zh"};
  const auto add = [&](std::string_view n_gram, const std::vector<float>& weights) {
    add_feature(content, Group::characters, n_gram, 1.5F, weights);
  };
  add("\xC3\xA4", {1.0F, -1.0F, 2.0F, -1.0F, -1.0F});
  add("ch", {1.5F, 0.5F, -2.0F, 0.25F, -0.25F});
  add("␣th", {-1.0F, 3.0F, -1.0F, -0.5F, -0.5F});
  add("\xE7\x9A\x84", {-1.0F, -1.0F, -1.0F, -1.0F, 4.0F});
  add("e␣", {0.5F, 0.5F, -0.5F, 1.5F, -2.0F});
  content.bias = {0.1F, 0.2F, 0.0F, -0.1F, -0.2F};
  content.temperature = 2;
  content.card = "{}";
  return content;
}

linear::LinearContent case_and_stop_words() {
  linear::LinearContent content;
  content.feature_options.normaliser.lower_case = false;
  content.feature_options.words = {1, 3};
  content.feature_options.characters = {};
  content.feature_options.stop_words = features::hash_stop_words("the of THE", content.feature_options.normaliser);
  content.hash_bits = 20;
  content.labels = {"", "A\"B", "\xE6\xA0\x87"};
  const auto add = [&](std::string_view n_gram, float scale, const std::vector<float>& weights) {
    add_feature(content, Group::words, n_gram, scale, weights);
  };
  add("Polish", 2.0F, {2.0F, -1.0F, -1.0F});
  add("polish", 0.5F, {-1.0F, 2.5F, -1.5F});
  add("state art", 1.0F, {-0.5F, -0.5F, 1.0F});
  add("!!!", 0.125F, {0.0F, 1.0F, -1.0F});
  content.bias = {0.0F, 0.0F, 0.0F};
  content.temperature = 0.75F;
  content.abstain_threshold = 0.5F;
  content.card = R"({"note":"case kept"})";
  return content;
}

linear::LinearContent negation() {
  linear::LinearContent content;
  content.feature_options.words = {1, 1};
  content.feature_options.characters = {};
  content.feature_options.negation_scope = 4;
  content.hash_bits = 14;
  content.labels = {"bad", "good"};
  const auto add = [&](std::string_view n_gram, float scale, float weight) {
    add_feature(content, Group::words, n_gram, scale, {weight});
  };
  add("good", 2.0F, 3.0F);
  add("NOT_good", 3.0F, -4.0F);
  add("NOT_bad", 3.0F, 2.0F);
  add("film", 0.5F, 0.25F);
  add("NOT_\xE5\xA5\xBD", 2.0F, -2.5F);
  content.bias = {0.125F};
  content.card = "{}";
  return content;
}

// Few of many weights matter, so that the file leaves the others out: with a bit a label, or, among 600, with steps
// from one to the next, some of them longer than one byte says.
linear::LinearContent sparse(std::uint32_t label_count, std::uint32_t weight_count) {
  linear::LinearContent content;
  content.feature_options.words = {1, 1};
  content.feature_options.characters = {};
  content.hash_bits = 16;
  for (std::uint32_t label = 0; label < label_count; ++label) {
    content.labels.push_back("label " + std::to_string(1000 + label));
    content.bias.push_back(0.001F * static_cast<float>(label % 7));
  }
  std::uint32_t number = 0;
  for (const char* const word : {"good", "film", "bad", "charged", "twice", "month", "password", "state", "art",
                                 "polish", "not", "i", "was", "this", "my", "hard", "are", "the"}) {
    std::vector<float> weights(label_count);
    for (std::uint32_t label = 0; label < label_count; ++label) {
      weights[label] = 0.0001F * static_cast<float>(label % 5);  // too small to stay
    }
    for (std::uint32_t weight = 0; weight < weight_count; ++weight) {
      weights[(number + weight * weight * 37) % label_count] = 2 - 0.375F * static_cast<float>(weight);
    }
    weights[label_count - 1 - number] = 0.25F;
    add_feature(content, Group::words, word, 1.0F + static_cast<float>(number % 3), weights);
    ++number;
  }
  content.card = "{}";
  return content;
}

linear::LinearContent no_features() {
  linear::LinearContent content;
  content.hash_bits = 18;
  content.labels = {"a", "b", "c"};
  content.bias = {1.0F, 2.0F, 0.0F};
  content.card = "{}";
  return content;
}

// Every key there is: each n-gram of a text is a feature, so that all of them have to be taken alike; and groups of
// buckets are as full as they get.
linear::LinearContent every_key(features::NGramRange words, features::NGramRange characters, int negation_scope = 0) {
  linear::LinearContent content;
  content.feature_options.negation_scope = negation_scope;
  content.feature_options.words = words;
  content.feature_options.characters = characters;
  content.hash_bits = 8;
  content.labels = {"off", "on"};
  for (std::uint32_t key = 0; key < 256; ++key) {
    content.keys.push_back(255 - key);
    content.scales.push_back(std::ldexp(1.0F, static_cast<int>(key % 11)));
    content.weights.push_back(static_cast<float>(key * 7 % 17) - 8.0F);
  }
  content.bias = {0.5F};
  content.precision = Precision::float16;
  content.card = "{}";
  return content;
}

}  // namespace

void add_feature(linear::LinearContent& content, Group group, std::string_view n_gram, float scale,
                 const std::vector<float>& weights) {
  const std::uint64_t hash = hash_of(content.feature_options, group, n_gram);
  const std::uint32_t key = feature_key(static_cast<std::uint32_t>(hash >> (64 - content.hash_bits)), group,
                                        content.hash_bits, content.feature_options);
  if (std::find(content.keys.begin(), content.keys.end(), key) != content.keys.end()) {
    throw std::logic_error("the key of \"" + std::string(n_gram) + "\" is taken");
  }
  content.keys.push_back(key);
  content.scales.push_back(scale);
  content.weights.insert(content.weights.end(), weights.begin(), weights.end());
}

linear::LinearContent two_label_words(Precision precision) {
  linear::LinearContent content;
  content.feature_options.words = {1, 2};
  content.feature_options.characters = {};
  content.hash_bits = 12;
  content.precision = precision;
  content.labels = {"bad", "good"};
  const auto add = [&](std::string_view n_gram, float scale, float weight) {
    add_feature(content, Group::words, n_gram, scale, {weight});
  };
  add("good", 2.0F, 3.0F);
  add("not good", 4.0F, -5.0F);
  add("bad", 2.0F, -3.5F);
  add("film", 0.5F, 0.25F);
  add("!", 0.25F, 1.0F);
  content.bias = {-0.25F};
  content.temperature = 1.25F;
  content.training_loss = 0.125;
  content.training_accuracy = 0.96875;
  content.strongest = {{0, 2.5F, "not good"}, {0, 1.75F, "bad"}, {1, 1.5F, "good"}};
  content.card = R"({"documents":4})";
  add_sketch_and_rows(content, 3);
  return content;
}

linear::LinearContent three_label_mixed(Precision precision) {
  linear::LinearContent content;
  content.feature_options.words = {1, 2};
  content.feature_options.characters = {2, 4};
  content.hash_bits = 12;
  content.precision = precision;
  content.labels = {"account", "billing", "\xE7\x89\xA9\xE6\xB5\x81"};
  const auto add = [&](Group group, std::string_view n_gram, float scale, const std::vector<float>& weights) {
    add_feature(content, group, n_gram, scale, weights);
  };
  add(Group::words, "charged", 3.0F, {-1.0F, 2.5F, -0.75F});
  add(Group::words, "charged twice", 5.0F, {-0.5F, 4.0F, -1.5F});
  add(Group::words, "password", 3.5F, {4.5F, -1.25F, -1.0F});
  add(Group::words, "\xE9\x80\x81", 2.0F, {-0.5F, -0.5F, 3.0F});
  add(Group::words, "\xE9\x80\x81 \xE8\xB4\xA7", 2.5F, {-1.0F, -1.0F, 4.0F});
  add(Group::words, "caf\xC3\xA9", 1.0F, {0.5F, 0.25F, -0.125F});
  add(Group::characters, "␣cha", 1.5F, {-0.25F, 1.5F, -0.5F});
  add(Group::characters, "pass", 1.25F, {2.0F, -0.5F, -1.0F});
  add(Group::characters, "rd␣", 0.75F, {1.0F, -0.25F, -0.5F});
  add(Group::characters, "ar", 0.5F, {0.125F, 0.25F, -0.25F});
  add(Group::characters, "f\xC3\xA9", 0.5F, {0.5F, 0.5F, -0.5F});
  content.bias = {0.25F, -0.5F, 0.125F};
  content.temperature = 0.8F;
  content.training_loss = 0.5;
  content.training_accuracy = 0.75;
  content.strongest = {{0, 4.0F, "password"}, {1, 3.5F, "charged twice"}, {2, 3.0F, "\xE9\x80\x81 \xE8\xB4\xA7"}};
  content.card = R"({"documents":9,"labels":[]})";
  add_sketch_and_rows(content, 20);
  return content;
}

std::vector<SampleModel> sample_models() {
  std::vector<SampleModel> models;
  for (const Precision precision : kPrecisions) {
    const std::string suffix = "_" + std::string(precision_name(precision));
    models.push_back({"two_labels" + suffix, two_label_words(precision)});
    models.push_back({"three_labels" + suffix, three_label_mixed(precision)});
  }
  models.push_back({"characters", characters_only()});
  models.push_back({"case_and_stop_words", case_and_stop_words()});
  models.push_back({"no_features", no_features()});
  models.push_back({"sparse_bitmaps", sparse(39, 9)});
  models.push_back({"sparse_gaps", sparse(600, 3)});
  models.push_back({"every_word", every_key({1, 3}, {})});
  models.push_back({"every_character", every_key({}, {1, 5})});
  models.push_back({"negation", negation()});
  models.push_back({"every_negated", every_key({2, 2}, {}, 3)});
  return models;
}

std::vector<std::string> sample_texts() {
  std::vector<std::string> texts{
      "A good film!",
      "not good, not good at all: a bad, bad film",
      "GOOD GOOD good  \t\r\n good",
      "I was charged twice this month",
      "My password, my PASSWORD! Passwords are hard",
      "\xE8\xBF\x98\xE6\xB2\xA1\xE9\x80\x81\xE8\xB4\xA7\xEF\xBC\x8C\xE5\xBF\xAB\xE9\x80\x81",
      "the state of the art in Polish polish!!!",
      "Die sch\xC3\xB6ne \xC3\x84ra, the church, la ville de Br\xC3\xA9 chet, \xE7\x9A\x84",
      "",
      " ",
      "... ?! ,,, --",
      "zyzzyva quux",
      std::string("good\0film\0", 10),
      "\xFF\xFE good \xC3( film \xED\xA0\x80 \xF4\x90\x80\x80 \xE2\x82",
      // An accent after its letter, several out of order, a Hangul syllable in its parts, a full-width word.
      "cafe\xCC\x81 cafe\xCC\x81",
      "e\xCC\x81\xCC\xA3\xCC\x81 \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB \xE2\x84\xAB",
      "\xEF\xBC\xA7\xEF\xBC\xAF\xEF\xBC\xAF\xEF\xBC\xA4\xE3\x80\x80\xEF\xBC\xA6\xEF\xBC\xA9\xEF\xBC\xAC\xEF\xBC\xAD",
      // A soft hyphen, a byte-order mark, a variation selector; İ, ẞ, Σ, a mathematical letter, an emoji with a joiner.
      "go\xC2\xADod \xEF\xBB\xBFgood film\xEF\xB8\x8F",
      "\xC4\xB0 \xE1\xBA\x9E \xCE\xA3\xCE\xA3 \xF0\x9D\x90\x80 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
  };
  std::string thousand;
  for (int i = 0; i < 300; ++i) thousand += "good film charged ";
  texts.push_back(thousand);  // counts beyond 255
  texts.emplace_back(
      "This film isn't good, nor so-called \"bad\"; I don\xE2\x80\x99t like it but it is good. NOT a good film!");
  texts.emplace_back(
      "\xE4\xB8\x8D\xE5\xA5\xBD\xEF\xBC\x8C\xE4\xB8\x8D\xE5\xA4\xAA\xE5\xA5\xBD\xE3\x80\x81\xE5\xA5\xBD "
      "\xE6\xB2\xA1\xE4\xBD\x86\xE5\xA5\xBD");
  return texts;
}

}  // namespace textlambda::model
