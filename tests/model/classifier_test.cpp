#include "textlambda/model/classifier.h"

#include <chrono>
#include <cmath>
#include <optional>

#include "textlambda/model/linear/writer.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda;
using namespace textlambda::model;
using features::Group;

namespace {

// A classifier and the bytes it views.
class Held {
 public:
  explicit Held(const linear::LinearContent& content)
      : bytes_(linear::serialise(content)), classifier_(ModelFile::view(bytes_.view(), "model")) {}
  const Classifier& operator*() const { return classifier_; }
  const Classifier* operator->() const { return &classifier_; }

 private:
  AlignedBytes bytes_;
  Classifier classifier_;
};

linear::LinearContent sample(std::string_view name) {
  for (SampleModel& model : sample_models()) {
    if (model.name == name) return std::move(model.content);
  }
  throw std::logic_error("no sample model " + std::string(name));
}

// Equal scales and float32: the numbers of a prediction can be worked out on paper.
linear::LinearContent by_hand(std::vector<std::string> labels, float temperature) {
  linear::LinearContent content;
  content.hash_bits = 20;
  content.labels = std::move(labels);
  content.precision = Precision::float32;
  content.temperature = temperature;
  content.card = "{}";
  return content;
}

}  // namespace

TEST_CASE("Two labels, worked out by hand") {
  linear::LinearContent content = by_hand({"no", "yes"}, 2);
  content.feature_options.words = {1, 1};
  content.feature_options.characters = {};
  add_feature(content, Group::words, "good", 0.5F, {2});
  add_feature(content, Group::words, "film", 0.5F, {0.5F});
  content.bias = {0.25F};
  const Held classifier(content);
  Scratch scratch;

  // (1 + ln 2, 1) · 0.5, brought to length 1, is (0.861037, 0.508542); its logit 2 · 0.861037 + 0.5 · 0.508542 + 0.25 =
  // 2.226345, in the temperature 1.113173, and 1 / (1 + e^−1.113173) = 0.752720.
  const Prediction prediction = classifier->predict("Good, GOOD film", scratch);
  CHECK(prediction.label == "yes");
  CHECK(prediction.label_index == 1);
  CHECK(prediction.confidence == Approx(0.7527201).epsilon(1e-5));
  CHECK(scratch.probabilities()[0] == Approx(1 - 0.7527201).epsilon(1e-5));
  CHECK(scratch.logits()[1] == Approx(1.1131723 / 2).epsilon(1e-5));
  CHECK(scratch.logits()[0] == -scratch.logits()[1]);

  // One known word has length 1 whatever its scale and the words unknown beside it.
  CHECK(classifier->predict("film").confidence == Approx(1 / (1 + std::exp(-0.375))).epsilon(1e-5));
  CHECK(classifier->predict("film zyzzyva").confidence == Approx(1 / (1 + std::exp(-0.375))).epsilon(1e-5));
  // Nothing known: the bias.
  for (const char* text : {"", "  ", "\n", "zyzzyva", "...!?", "\xFF\xFE"}) {
    CHECK(classifier->predict(text).confidence == Approx(1 / (1 + std::exp(-0.125))).epsilon(1e-5));
  }
}

TEST_CASE("Three labels with words and characters, worked out by hand") {
  linear::LinearContent content = by_hand({"a", "b", "c"}, 1);
  content.feature_options.words = {1, 1};
  content.feature_options.characters = {2, 3};
  add_feature(content, Group::words, "go", 1, {1, 0, -1});
  add_feature(content, Group::words, "up", 1, {0, 2, 0});
  add_feature(content, Group::characters, "␣go", 1, {0.5F, 0.5F, -1});
  content.bias = {0, -0.5F, 0.25F};
  const Held classifier(content);
  Scratch scratch;

  // Words (1, 1)/√2, characters (1): a 1/√2 + 0.5, b 2/√2 + 0.5 − 0.5, c −1/√2 − 1 + 0.25.
  const Prediction prediction = classifier->predict("Go up", scratch);
  const double root = std::sqrt(0.5);
  const double a = std::exp(root + 0.5);
  const double b = std::exp(2 * root);
  const double c = std::exp(-root - 0.75);
  CHECK(prediction.label == "b");
  CHECK(scratch.logits()[0] == Approx(root + 0.5).epsilon(1e-5));
  CHECK(scratch.logits()[1] == Approx(2 * root).epsilon(1e-5));
  CHECK(scratch.logits()[2] == Approx(-root - 0.75).epsilon(1e-5));
  CHECK(scratch.probabilities()[0] == Approx(a / (a + b + c)).epsilon(1e-5));
  CHECK(scratch.probabilities()[1] == Approx(b / (a + b + c)).epsilon(1e-5));
  CHECK(scratch.probabilities()[2] == Approx(c / (a + b + c)).epsilon(1e-5));
  CHECK(prediction.confidence == scratch.probabilities()[1]);

  // "going" is another word, but starts with the same characters.
  classifier->predict("going", scratch);
  CHECK(scratch.logits()[0] == Approx(0.5));
  CHECK(scratch.logits()[1] == Approx(0.0).margin(1e-6));
}

TEST_CASE("Sample models, as reference_predict.py predicts") {
  struct Case {
    const char* model;
    std::size_t text;  // of sample_texts()
    const char* label;
    float confidence;
  };
  const std::vector<Case> cases{
      {"two_labels_int8", 0, "good", 0.904393F},
      {"two_labels_int8", 1, "bad", 0.973930F},
      {"two_labels_int8", 2, "good", 0.899837F},
      {"two_labels_int8", 8, "bad", 0.549834F},
      {"two_labels_int8", 10, "good", 0.642898F},
      {"two_labels_int8", 11, "bad", 0.549834F},
      {"two_labels_int8", 12, "good", 0.897453F},
      {"two_labels_int8", 13, "good", 0.897453F},
      {"two_labels_int8", 16, "good", 0.897453F},
      {"two_labels_int8", 17, "good", 0.899999F},
      {"two_labels_int8", 19, "good", 0.897453F},
      {"three_labels_int8", 3, "billing", 0.999689F},
      {"three_labels_int8", 4, "account", 0.999973F},
      {"three_labels_int8", 5, "\347\211\251\346\265\201", 0.998825F},
      {"three_labels_int8", 8, "account", 0.445048F},
      {"three_labels_int8", 11, "account", 0.445048F},
      {"three_labels_int8", 14, "account", 0.715527F},
      {"three_labels_int8", 15, "account", 0.445048F},
      {"three_labels_int8", 19, "billing", 0.993349F},
      {"two_labels_float16", 0, "good", 0.905126F},
      {"two_labels_float16", 1, "bad", 0.973753F},
      {"two_labels_float16", 2, "good", 0.900250F},
      {"two_labels_float16", 8, "bad", 0.549834F},
      {"two_labels_float16", 10, "good", 0.645656F},
      {"two_labels_float16", 11, "bad", 0.549834F},
      {"two_labels_float16", 12, "good", 0.898106F},
      {"two_labels_float16", 13, "good", 0.898106F},
      {"two_labels_float16", 16, "good", 0.898106F},
      {"two_labels_float16", 17, "good", 0.900550F},
      {"two_labels_float16", 19, "good", 0.898106F},
      {"three_labels_float16", 3, "billing", 0.999685F},
      {"three_labels_float16", 4, "account", 0.999973F},
      {"three_labels_float16", 5, "\347\211\251\346\265\201", 0.998816F},
      {"three_labels_float16", 8, "account", 0.445048F},
      {"three_labels_float16", 11, "account", 0.445048F},
      {"three_labels_float16", 14, "account", 0.714949F},
      {"three_labels_float16", 15, "account", 0.445048F},
      {"three_labels_float16", 19, "billing", 0.993329F},
      {"two_labels_float32", 0, "good", 0.905126F},
      {"two_labels_float32", 1, "bad", 0.973753F},
      {"two_labels_float32", 2, "good", 0.900250F},
      {"two_labels_float32", 8, "bad", 0.549834F},
      {"two_labels_float32", 10, "good", 0.645656F},
      {"two_labels_float32", 11, "bad", 0.549834F},
      {"two_labels_float32", 12, "good", 0.898106F},
      {"two_labels_float32", 13, "good", 0.898106F},
      {"two_labels_float32", 16, "good", 0.898106F},
      {"two_labels_float32", 17, "good", 0.900550F},
      {"two_labels_float32", 19, "good", 0.898106F},
      {"three_labels_float32", 3, "billing", 0.999685F},
      {"three_labels_float32", 4, "account", 0.999973F},
      {"three_labels_float32", 5, "\347\211\251\346\265\201", 0.998816F},
      {"three_labels_float32", 8, "account", 0.445048F},
      {"three_labels_float32", 11, "account", 0.445048F},
      {"three_labels_float32", 14, "account", 0.714949F},
      {"three_labels_float32", 15, "account", 0.445048F},
      {"three_labels_float32", 19, "billing", 0.993329F},
      {"characters", 4, "de", 0.370944F},
      {"characters", 7, "en", 0.301443F},
      {"characters", 15, "en", 0.220483F},
      {"characters", 16, "en", 0.220483F},
      {"case_and_stop_words", 6, "", 0.869503F},
      {"case_and_stop_words", 2, "", 0.333333F},
      {"case_and_stop_words", 18, "", 0.333333F},
      {"no_features", 0, "b", 0.665241F},
      {"no_features", 8, "b", 0.665241F},
      {"every_word", 0, "on", 0.830786F},
      {"every_word", 5, "on", 0.996445F},
      {"every_word", 7, "on", 0.994782F},
      {"every_word", 13, "on", 0.999697F},
      {"every_word", 14, "on", 0.968789F},
      {"every_word", 15, "off", 0.789606F},
      {"every_word", 18, "off", 0.903929F},
      {"every_word", 19, "off", 0.760128F},
      {"every_character", 0, "on", 0.992052F},
      {"every_character", 5, "off", 0.740505F},
      {"every_character", 7, "on", 0.973837F},
      {"every_character", 13, "on", 0.949048F},
      {"every_character", 14, "off", 0.660408F},
      {"every_character", 15, "on", 0.992925F},
      {"every_character", 18, "on", 0.999999F},
      {"every_character", 19, "on", 0.532239F},
      {"negation", 1, "bad", 0.821023F},
      {"negation", 6, "good", 0.531209F},
      {"negation", 20, "bad", 0.524348F},
      {"negation", 21, "bad", 0.914154F},
      {"every_negated", 1, "on", 0.906465F},
      {"every_negated", 5, "off", 0.998867F},
      {"every_negated", 20, "off", 0.930031F},
      {"every_negated", 21, "off", 0.999735F},
  };
  const std::vector<std::string> texts = sample_texts();
  for (const Case& test : cases) {
    CAPTURE(test.model, test.text);
    const Held classifier(sample(test.model));
    const Prediction prediction = classifier->predict(texts.at(test.text));
    CHECK(prediction.label == test.label);
    CHECK(prediction.confidence == Approx(test.confidence).epsilon(1e-4));
  }
}

TEST_CASE("The precisions agree") {
  for (const char* name : {"two_labels", "three_labels"}) {
    const Held exact(sample(name + std::string("_float32")));
    for (const char* precision : {"_float16", "_int8"}) {
      const Held rounded(sample(name + std::string(precision)));
      for (const std::string& text : sample_texts()) {
        CAPTURE(name, precision, text);
        CHECK(rounded->predict(text).label == exact->predict(text).label);
        CHECK(rounded->predict(text).confidence == Approx(exact->predict(text).confidence).margin(0.02));
      }
    }
  }
}

TEST_CASE("Texts that mean the same get the same prediction") {
  struct Case {
    std::string text;
    std::string same;
  };
  const std::vector<Case> cases{
      {"not good film", "  NOT\tgood\r\nfilm "},
      {"good film", std::string("good\0film", 9)},
      {"good film",
       "\xEF\xBC\xA7\xEF\xBC\xAF\xEF\xBC\xAF\xEF\xBC\xA4\xE3\x80\x80"
       "film"},
      {"good film", "\xEF\xBB\xBFgo\xC2\xADod film"},
      {"caf\xC3\xA9", "cafe\xCC\x81"},
      {"good \xFF film", "good \xEF\xBF\xBD film"},
      {"good \xE2\x82", "good \xEF\xBF\xBD"},
      {"\xED\xA0\x80 film", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD film"},
  };
  for (const char* name : {"two_labels_int8", "three_labels_int8", "every_word", "every_character"}) {
    const Held classifier(sample(name));
    for (const Case& test : cases) {
      CAPTURE(name, test.text, test.same);
      CHECK(classifier->predict(test.text).confidence == classifier->predict(test.same).confidence);
      CHECK(classifier->predict(test.text).label == classifier->predict(test.same).label);
    }
  }
}

TEST_CASE("Counts above 255 count as 255") {
  const Held classifier(sample("two_labels_float32"));
  const auto repeated = [](int count) {
    std::string text = "bad";
    for (int i = 0; i < count; ++i) text += " . good";
    return text;
  };
  CHECK(classifier->predict(repeated(255)).confidence == classifier->predict(repeated(256)).confidence);
  CHECK(classifier->predict(repeated(255)).confidence == classifier->predict(repeated(3000)).confidence);
  CHECK(classifier->predict(repeated(254)).confidence != classifier->predict(repeated(255)).confidence);
}

TEST_CASE("Long texts are read in time that grows with their length alone") {
  const Held classifier(sample("three_labels_int8"));
  const auto seconds = [&](const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    classifier->predict(text);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto repeat = [](std::string_view part) {
    std::string text;
    while (text.size() < (std::size_t{1} << 20)) text += part;
    return text;
  };
  // Generous: sanitizers, debug builds and busy machines. What it has to catch took a quarter of an hour.
  constexpr double kLimit = 30;
  CHECK(seconds(repeat("I was charged twice ")) < kLimit);
  CHECK(seconds(repeat("x")) < kLimit);
  CHECK(seconds(repeat("!?")) < kLimit);
  CHECK(seconds(repeat("\xFF")) < kLimit);
  CHECK(seconds(repeat(std::string_view("\0", 1))) < kLimit);
  CHECK(seconds(repeat("\xE9\x80\x81")) < kLimit);
  // Half a million accents, of which the second half belongs in front.
  CHECK(seconds("a" + repeat("\xCC\x81") + repeat("\xCC\xA3")) < kLimit);
  CHECK(seconds("a" + repeat("\xCC\x81\xCC\xA3")) < kLimit);
}

TEST_CASE("A confidence below the model's threshold abstains") {
  linear::LinearContent content = by_hand({"no", "yes"}, 1);
  content.bias = {1};  // confidence 0.731
  const auto abstains = [&](float threshold) {
    content.abstain_threshold = threshold;
    return Held(content)->predict("x").abstained;
  };
  CHECK(!abstains(0));
  CHECK(!abstains(0.5F));
  CHECK(!abstains(0.73F));
  CHECK(abstains(0.74F));
  CHECK(abstains(1));
}

TEST_CASE("The first of equal labels wins") {
  linear::LinearContent content = by_hand({"x", "y", "z"}, 1);
  content.bias = {0, 1, 1};
  CHECK(Held(content)->predict("").label == "y");
  linear::LinearContent two = by_hand({"x", "y"}, 1);
  two.bias = {0};
  CHECK(Held(two)->predict("").label == "x");
  CHECK(Held(two)->predict("").confidence == 0.5F);
}

TEST_CASE("The vector of a text has length 1 for each group it has features of") {
  const Held classifier(sample("three_labels_float32"));
  const ModelFile& file = classifier->file();
  const auto square = [&](const char* text) {
    ReadText read;
    read.terms.assign(text, file.feature_options());
    const features::SparseRow row = std::get<linear::LinearModel>(file.kind()).read(file, read);
    double sum = 0;
    for (std::size_t i = 0; i < row.size; ++i) sum += row.values[i] * row.values[i];
    return sum;
  };
  CHECK(square("charged twice by car") == Approx(2));
  CHECK(square("discharged twice") == Approx(1));  // "ar" alone
  CHECK(square("\xE9\x80\x81") == Approx(1));      // a word alone
  CHECK(square("zyzzyva") == 0);
}

TEST_CASE("The thread's own scratch serves several classifiers") {
  const Held two(sample("two_labels_int8"));
  const Held five(sample("characters"));
  const std::string text = "the good church";
  const float first = two->predict(text).confidence;
  const float second = five->predict(text).confidence;
  CHECK(two->predict(text).confidence == first);
  CHECK(five->predict(text).confidence == second);
}
