#include "textlambda/traffic/text_sample.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace textlambda;

namespace {

std::vector<std::string> sample_of(const std::vector<std::string>& texts, std::size_t most) {
  traffic::TextSample sample(most);
  for (const std::string& text : texts) sample.add(text);
  return sample.take();
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back("text " + std::to_string(i));
  return texts;
}

}  // namespace

TEST_CASE("a sample is of different texts, whatever their order and repeats") {
  std::vector<std::string> texts = numbered(100);
  const std::vector<std::string> sample = sample_of(texts, 10);
  CHECK(sample.size() == 10);
  CHECK(std::set<std::string>(sample.begin(), sample.end()).size() == 10);
  std::reverse(texts.begin(), texts.end());
  CHECK(sample_of(texts, 10) == sample);
  for (int i = 0; i < 50; ++i) texts.push_back(texts.front());
  CHECK(sample_of(texts, 10) == sample);
}

TEST_CASE("a sample says whether it is all") {
  traffic::TextSample sample(3);
  for (const char* const text : {"a", "b", "a", " \n", "c"}) sample.add(text);
  CHECK(sample.seen() == 4);
  CHECK(sample.size() == 3);
  CHECK(sample.is_whole());
  sample.add("d");
  CHECK(sample.size() == 3);
  CHECK_FALSE(sample.is_whole());
  CHECK(sample.take().size() == 3);
  CHECK(sample.size() == 0);
}

TEST_CASE("a sample holds so many bytes and no more, but one text at least") {
  traffic::TextSample sample(100, 64);
  for (const std::string& text : numbered(100)) sample.add(text);
  std::size_t bytes = 0;
  for (const std::string& text : sample.take()) bytes += text.size();
  CHECK(bytes > 48);
  CHECK(bytes <= 64);
  sample.add(std::string(1000, 'x'));
  CHECK(sample.size() == 1);
}
