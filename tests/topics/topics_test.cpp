#include "textlambda/topics/topics.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/topics/agreement.h"
#include "textlambda/topics/grouping.h"
#include "textlambda/topics/spherical_k_means.h"
#include "textlambda/train/counter_random.h"
#include "textlambda/train/matrix_memory.h"

#include "tests/catch.h"
#include "tests/topics/made_texts.h"

using namespace textlambda;
using topics::find_topics;
using topics::made_rows;
using topics::source_of;
using topics::TopicOptions;
using topics::TopicResult;

namespace {

struct Found {
  TopicResult result;
  std::vector<std::string> labels;  // a text
};

std::string label_line(const topics::AssignedText& text) { return std::string(text.label) + "\n"; }

Found find(const corpus::RowSource& source, const TopicOptions& options, unsigned threads = 1,
           const corpus::RowSource* labelled = nullptr) {
  Found found;
  found.result =
      find_topics(source, labelled, options, io::Executor(threads), {}, label_line, [&](const std::string& lines) {
        for (std::size_t begin = 0; begin < lines.size();) {
          const std::size_t end = lines.find('\n', begin);
          found.labels.push_back(lines.substr(begin, end - begin));
          begin = end + 1;
        }
      });
  return found;
}

TopicOptions options_of(std::size_t k) {
  TopicOptions options;
  options.k = k;
  // Texts of nine words, and words that every fifth of all texts have.
  options.most_texts_clustering = 0.3;
  options.most_texts_mixture = 0.3;
  return options;
}

// The share of texts in their group's most frequent kind.
double purity(const std::vector<std::string>& labels, const std::vector<corpus::MemoryRow>& rows) {
  std::map<std::string, std::map<std::string, std::size_t>> counts;
  for (std::size_t i = 0; i < labels.size(); ++i) ++counts[labels[i]][rows[i].label];
  std::size_t pure = 0;
  for (const auto& [group, kinds] : counts) {
    std::size_t most = 0;
    for (const auto& [kind, texts] : kinds) most = std::max(most, texts);
    pure += most;
  }
  return static_cast<double>(pure) / static_cast<double>(labels.size());
}

}  // namespace

TEST_CASE("kinds of texts are found again") {
  for (const std::size_t kinds : {2U, 3U, 4U}) {
    CAPTURE(kinds);
    const auto rows = made_rows(800, kinds);
    const Found found = find(source_of(rows), options_of(kinds));
    REQUIRE(found.labels.size() == rows.size());
    CHECK(found.result.report.groups.size() == kinds);
    CHECK(purity(found.labels, rows) > 0.98);
    CHECK(found.result.report.warnings.empty());
    // Each is named by words of its kind, which begin with the kind's letter.
    for (const topics::GroupReport& group : found.result.report.groups) {
      REQUIRE(group.terms.size() >= 3);
      const char kind = group.terms[0].text[0];
      CHECK(kind != 'z');
      for (std::size_t i = 1; i < 3; ++i) CHECK(group.terms[i].text[0] == kind);
      REQUIRE(group.typical.size() == 3);
      CHECK(group.typical[0].text.find(kind) != std::string::npos);
      CHECK_FALSE(group.borderline.empty());
      CHECK(group.texts > 0);
    }
  }
}

TEST_CASE("the report counts what the model says") {
  const auto rows = made_rows(600, 3);
  const Found found = find(source_of(rows), options_of(3));
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& label : found.labels) ++counts[label];
  std::uint64_t all = 0;
  for (const topics::GroupReport& group : found.result.report.groups) {
    CHECK(counts[group.label] == group.texts);
    CHECK(group.mean_confidence > 1.0 / 3);
    CHECK(group.mean_confidence <= 1);
    all += group.texts;
  }
  CHECK(all == rows.size());
  CHECK(found.result.report.map.size() == found.result.report.distinct_texts);
}

TEST_CASE("the model says what the mixture said") {
  for (const std::size_t kinds : {2U, 4U}) {
    CAPTURE(kinds);
    const auto rows = made_rows(400, kinds);
    const corpus::MemorySource source = source_of(rows);
    const TopicOptions options = options_of(kinds);
    const TopicResult result = find_topics(source, nullptr, options, io::Executor(), {}, {}, {});
    train::MatrixVector<char> bytes(result.model.size());
    std::copy(result.model.begin(), result.model.end(), bytes.begin());
    const model::Classifier classifier(model::ModelFile::view({bytes.data(), bytes.size()}, "model"));
    CHECK(classifier.label_count() == kinds);

    const topics::Collection collection = topics::read_collection(source, io::Executor(), {});
    const topics::WeightedTexts texts = topics::weigh_texts(collection, options.most_texts_mixture);
    const auto clusterable = topics::make_clusterable(topics::weigh_texts(collection, options.most_texts_clustering),
                                                      {}, options, io::Executor());
    const topics::Grouping grouping =
        topics::group_texts(texts, clusterable, {}, options, io::Executor(), [](double) {});
    model::Scratch scratch;
    for (std::size_t i = 0; i < collection.distinct.size(); i += 37) {
      classifier.predict(rows[collection.distinct[i]].text, scratch);
      // Groups are labels in another order: the probabilities are the same ones. Weights have a byte each.
      std::multiset<float> expected;
      for (std::size_t group = 0; group < kinds; ++group) {
        expected.insert(grouping.mixture.shares(topics::at(i), topics::at(group)));
      }
      const std::multiset<float> got(scratch.probabilities().begin(), scratch.probabilities().end());
      auto other = got.begin();
      for (const float probability : expected) CHECK(*other++ == Approx(probability).margin(0.02));
    }
  }
}

TEST_CASE("groups that EM does not find again from other starts are not kept") {
  // Five words a text, of which one tells its kind; the n-th of twelve kinds is an n-th as frequent as the first.
  const train::CounterRandom random(1, 9);
  std::vector<double> bounds;
  bounds.reserve(12);
  for (int kind = 0; kind < 12; ++kind) bounds.push_back((bounds.empty() ? 0 : bounds.back()) + 1.0 / (kind + 1));
  std::vector<std::string> texts;
  texts.reserve(600);
  std::uint64_t counter = 0;
  for (int i = 0; i < 600; ++i) {
    const double place = static_cast<double>(random.below(counter++, 1 << 20)) / (1 << 20) * bounds.back();
    const auto kind = std::upper_bound(bounds.begin(), bounds.end(), place) - bounds.begin();
    std::string text = std::string(1, static_cast<char>('a' + kind)) + "own" +
                       std::string(1, static_cast<char>('a' + random.below(counter++, 26)));
    for (int n = 0; n < 4; ++n) {
      const std::uint64_t shared = random.below(counter, 15) * random.below(counter + 1, 14);
      counter += 2;
      text += std::string(" sh") + static_cast<char>('a' + shared / 15) + static_cast<char>('a' + shared % 15);
    }
    texts.push_back(text);
  }
  struct Case {
    corpus::MemorySource source;
    std::size_t k;
    bool is_by_em;
  };
  const Case cases[] = {{source_of(texts), 12, false}, {source_of(made_rows(600, 4)), 4, true}};
  for (const Case& test : cases) {
    CAPTURE(test.k);
    const topics::Collection collection = topics::read_collection(test.source, io::Executor(), {});
    const topics::WeightedTexts weighted = topics::weigh_texts(collection, 0.3);
    const TopicOptions options = options_of(test.k);
    const auto clusterable = topics::make_clusterable(weighted, {}, options, io::Executor());
    const topics::Grouping grouping =
        topics::group_texts(weighted, clusterable, {}, options, io::Executor(), [](double) {});
    CHECK(grouping.is_by_em == test.is_by_em);
    CHECK(grouping.is_by_em == (grouping.agreement.mixtures >= grouping.agreement.clusterings));
    // What stays says what one of the clusterings does.
    double most = 0;
    for (unsigned restart = 0; restart < options.restarts; ++restart) {
      const auto clustering =
          topics::cluster(clusterable.latent, test.k, {}, options.seed, restart, io::Executor()).groups;
      most = std::max(most, topics::agreement_of(
                                clustering, topics::most_probable_groups(grouping.mixture.shares, io::Executor())));
    }
    CHECK(most > 0.6);
  }
}

TEST_CASE("model, report and lines are the same for any number of threads", "[threads]") {
  const auto rows = made_rows(1500, 4);
  // Of all texts, and of a sample with EM over the rest.
  for (const std::size_t most : {100000U, 500U}) {
    CAPTURE(most);
    TopicOptions options = options_of(4);
    options.most_clustered = most;
    const Found one = find(source_of(rows), options, 1);
    CHECK(one.result.report.clustered_texts == std::min<std::size_t>(most, one.result.report.distinct_texts));
    CHECK(purity(one.labels, rows) > 0.98);
    for (const unsigned threads : {2U, 3U, 8U}) {
      const Found other = find(source_of(rows), options, threads);
      CHECK(other.result.model == one.result.model);
      CHECK(other.labels == one.labels);
      CHECK(topics::to_json(other.result.report) == topics::to_json(one.result.report));
      CHECK(topics::to_html(other.result.report) == topics::to_html(one.result.report));
    }
  }
}

TEST_CASE("what cannot be grouped says why") {
  struct Case {
    std::vector<std::string> texts;
    std::size_t k;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{"a text", "another text"}, 0, "-k: 0 given, expected at least 2 groups"},
      {{"a text", "another text"}, 1, "-k: 1 given, expected at least 2 groups"},
      {{"a text", "another text"}, 2'000'000, "-k: 2000000 given, expected at most 1000 groups"},
      {{"only this"}, 2, "made: has only one text, which makes no groups"},
      {{"order 1", "order 2", "Order, 3!"},
       2,
       "made: all 3 texts are the same text, but for numbers, punctuation and the order of words: they make no groups"},
      {{"one thing", "another thing", "third thing", "third thing"},
       4,
       "made: has 3 different texts (near-duplicates count once), expected at least as many as groups: 4"},
      {{"alpha", "beta", "gamma"}, 2, "made: no word is in two of the texts: nothing tells which belong together"},
      {{"!!!", "???", "...", "!!! ???"},
       2,
       "made: no word is in two of the texts: nothing tells which belong together"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.message);
    TopicOptions options;
    options.k = each.k;
    try {
      find_topics(source_of(each.texts), nullptr, options, io::Executor(), {}, {}, {});
      FAIL("no error");
    } catch (const io::Error& error) {
      CHECK(error.what() == each.message);
    }
  }
}

TEST_CASE("groups that nothing comes to are left out, and said") {
  // Two kinds, each of texts that share all of their words: there are no twelve groups among them.
  std::vector<std::string> texts;
  for (char end = 'a'; end <= 'h'; ++end) {
    texts.push_back(std::string("red green blue ") + end + end);
    texts.push_back(std::string("iron copper zinc ") + end + end + end);
  }
  TopicOptions options;
  options.k = 12;
  const TopicResult result = find_topics(source_of(texts), nullptr, options, io::Executor(), {}, {}, {});
  CHECK(result.report.groups.size() < 12);
  CHECK(result.report.groups.size() >= 2);
  REQUIRE_FALSE(result.report.warnings.empty());
  CHECK(result.report.warnings[0].find("of 12 groups stayed empty") != std::string::npos);
}

TEST_CASE("texts without a known word are counted") {
  auto rows = made_rows(400, 2);
  rows.push_back({"nothing like it", "", {}});
  rows.push_back({"!", "", {}});
  CHECK(find(source_of(rows), options_of(2)).result.report.unknown_texts == 2);
}

TEST_CASE("whatever a text says reads as text on the page and in JSON") {
  auto rows = made_rows(200, 2);
  for (std::size_t i = 0; i < rows.size(); i += 2) rows[i].text += " <script>alert(1)</script> \"quoted\" & more";
  const TopicResult result = find(source_of(rows), options_of(2)).result;
  const std::string page = topics::to_html(result.report);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("<svg") != std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(topics::to_json(result.report));
  CHECK(json["groups"].size() == 2);
  CHECK(json["documents"] == 200);
}

TEST_CASE("texts made of few words are grouped by words that many of them have") {
  std::vector<std::string> texts;
  const char* const kinds[] = {"red green blue", "iron copper zinc"};
  for (char a = 'a'; a <= 'j'; ++a) {
    for (char b = 'a'; b <= 'j'; ++b)
      texts.push_back(std::string(kinds[(a + b) % 2]) + " " + a + a + b + " " + b + "x" + a);
  }
  TopicOptions options;
  options.k = 2;
  const Found found = find(source_of(texts), options);
  REQUIRE(found.result.report.groups.size() == 2);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK((found.labels[i] == found.labels[0]) == ((texts[i][0] == texts[0][0])));
  }
}

TEST_CASE("groups that have a name are found by their words") {
  const auto rows = made_rows(800, 4);
  TopicOptions options = options_of(4);
  // Kind "c" by two of its 30 words, kind "a" by two that have to come together.
  options.seeds = {{"sea", {"cbon", "CDUL!"}}, {"hay", {"abon agul", "adon aful"}}};
  const Found found = find(source_of(rows), options);
  REQUIRE(found.result.report.groups.size() == 4);
  std::map<std::string, std::size_t> right;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].label == "c") right["sea"] += found.labels[i] == "sea" ? 1 : 0;
    if (rows[i].label == "a") right["hay"] += found.labels[i] == "hay" ? 1 : 0;
  }
  CHECK(right["sea"] > 195);
  CHECK(right["hay"] > 195);
  CHECK(purity(found.labels, rows) > 0.98);
}

TEST_CASE("groups that have a name are found by a few of their texts") {
  // The first of each kind have labels, as many as are said; the others have none.
  struct Case {
    std::size_t texts;
    std::size_t labelled;
    std::size_t most_clustered;
    std::vector<topics::SeedLabel> seeds;
  };
  const std::vector<Case> cases = {
      {800, 3, 100000, {}},
      {800, 3, 200, {}},                    // of a sample, which has them all
      {800, 150, 200, {}},                  // and which has not
      {800, 3, 100000, {{"c", {"cbon"}}}},  // by words too
      {800, 3, 100000, {{"other", {"ebon never"}}}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.labelled, each.most_clustered, each.seeds.size());
    const auto all = made_rows(each.texts, 4);
    std::vector<corpus::MemoryRow> known;
    std::vector<corpus::MemoryRow> rows;
    std::vector<std::string> truths;
    std::map<std::string, std::size_t> counts;
    for (const corpus::MemoryRow& row : all) {
      if ((row.label == "a" || row.label == "c") && ++counts[row.label] <= each.labelled) {
        known.push_back(row);
      } else {
        truths.push_back(row.label);
        rows.push_back({row.text, "", {}});
      }
    }
    rows.push_back({known.front().text + "!", "", {}});  // nearly one that has a label
    truths.push_back(known.front().label);
    TopicOptions options = options_of(4);
    options.most_clustered = each.most_clustered;
    options.seeds = each.seeds;
    const corpus::MemorySource labelled(known, {}, "known", 2);
    if (!each.seeds.empty() && each.seeds[0].label == "other") {
      CHECK_THROWS_WITH(find(source_of(rows), options, 1, &labelled),
                        "no text has the words of \"other\", and of no other label");
      continue;
    }
    const Found found = find(source_of(rows), options, 1, &labelled);
    CHECK(find(source_of(rows), options, 3, &labelled).result.model == found.result.model);
    REQUIRE(found.labels.size() == rows.size());
    CHECK(found.result.report.texts == rows.size());
    CHECK(found.result.report.labelled_texts == known.size());
    std::uint64_t counted = 0;
    for (const topics::GroupReport& group : found.result.report.groups) {
      counted += group.texts;
      for (const topics::ExampleText& example : group.typical) CHECK(example.location.file == "made");
      CHECK(group.typical.size() == 3);
    }
    CHECK(counted == rows.size());
    std::map<std::string, std::pair<std::size_t, std::size_t>> right;  // of how many
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& [hits, of] = right[truths[i]];
      hits += found.labels[i] == truths[i] ? 1 : 0;
      ++of;
    }
    for (const char* const kind : {"a", "c"}) {
      CHECK(static_cast<double>(right[kind].first) > 0.97 * static_cast<double>(right[kind].second));
    }
    CHECK(right["b"].first + right["d"].first == 0);
  }
}

TEST_CASE("labelled texts that cannot be say why") {
  const auto rows = made_rows(60, 3);
  struct Case {
    std::vector<corpus::MemoryRow> labelled;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{{"abon", "a", {}}, {"bbon", "b", {}}, {"cbon", "c", {}}, {"dbon", "d", {}}},
       "-k: 3 groups given, 4 labels are known: expected at least as many groups"},
      {{{"abon adul", "a", {}}, {"Adul, abon 7", "b", {}}, {"bbon", "b", {}}},
       "no text is labelled \"a\", and nothing else: what is nearly the same has another label too"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.message);
    const corpus::MemorySource labelled(each.labelled, {}, "known");
    CHECK_THROWS_WITH(find(source_of(rows), options_of(3), 1, &labelled), each.message);
  }
}

TEST_CASE("seed labels that cannot be say why") {
  struct Case {
    std::vector<topics::SeedLabel> seeds;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{{"a", {"abon"}}, {"b", {"bbon"}}, {"c", {"cbon"}}},
       "-k: 2 groups given, 3 labels are known: expected at least as many groups"},
      {{{"a", {"abon"}}, {"a", {"bbon"}}}, "--seed-labels: \"a\" is given twice"},
      {{{"a", {"nowhere"}}}, "no text has the words of \"a\", and of no other label"},
      {{{"a", {"abon"}}, {"b", {"abon"}}}, "no text has the words of \"a\", and of no other label"},
      {{{"a", {}}}, "no text has the words of \"a\", and of no other label"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.message);
    TopicOptions options = options_of(2);
    options.seeds = each.seeds;
    try {
      find(source_of(made_rows(200, 2)), options);
      FAIL("no error");
    } catch (const io::Error& error) {
      CHECK(error.what() == each.message);
    }
  }
}

TEST_CASE("another seed is another search") {
  const auto rows = made_rows(300, 3);
  TopicOptions options = options_of(3);
  const std::string one = find(source_of(rows), options).result.model;
  CHECK(find(source_of(rows), options).result.model == one);
  options.seed = 2;
  CHECK(find(source_of(rows), options).result.model != one);
}
