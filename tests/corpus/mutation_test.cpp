// Bytes changed, removed, doubled and cut at random, with a fixed seed: whatever comes, reading ends with rows of valid
// UTF-8 or an Error of one printable line. Meant for the sanitizer builds above all.
#include <random>

#include "textlambda/text/utf8.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;

namespace {

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  std::string mutate(std::string bytes) {
    constexpr std::string_view kSpecial = "\"\\{}[],:;\t\n\r\0\xFF\xC3\xE4\x80 _u";
    for (std::size_t count = below(6) + 1; count > 0 && !bytes.empty(); --count) {
      const std::size_t position = below(bytes.size());
      const std::size_t length = std::min(below(40), bytes.size() - position);
      switch (below(6)) {
        case 0:
          bytes[position] = static_cast<char>(below(256));
          break;
        case 1:
          bytes[position] = kSpecial[below(kSpecial.size())];
          break;
        case 2:
          bytes.insert(position, 1, kSpecial[below(kSpecial.size())]);
          break;
        case 3:
          bytes.erase(position, length);
          break;
        case 4:
          bytes.insert(position, std::string(bytes, position, length));
          break;
        default:
          if (below(4) == 0) bytes.resize(position);
      }
    }
    return bytes;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::mt19937 random_;
};

void check_message(std::string_view message) {
  CHECK(textlambda::text::valid_utf8_prefix(message) == message.size());
  CHECK(std::none_of(message.begin(), message.end(), [](char byte) { return byte >= 0 && byte < 0x20; }));
}

// All checks of one corpus; a Catch assertion a row would take most of the time.
void read_and_check(const std::string& path, const CorpusOptions& options) {
  bool valid = true;
  try {
    const Corpus corpus = Corpus::open({path}, options);
    for (std::size_t chunk = 0; chunk < corpus.partition_count(); ++chunk) {
      const PartitionSummary summary = corpus.read(chunk, [&](const Example& example) {
        for (const std::string_view part : {example.text, example.label, example.columns->front()}) {
          valid = valid && textlambda::text::valid_utf8_prefix(part) == part.size();
        }
        return true;
      });
      for (const BadRow& row : summary.bad_rows) check_message(row.reason);
    }
  } catch (const textlambda::io::Error& error) {
    check_message(std::string_view(error.what()));
  }
  CHECK(valid);
}

}  // namespace

TEST_CASE("Mutated corpora of every format are read or refused, never crash") {
  struct Seed {
    std::string format;
    std::string_view bytes;
  };
  const std::vector<Seed> seeds = {
      {"jsonl",
       "{\"text\":\"hello \\u00e9 \\ud83d\\ude00 there\",\"label\":\"a\",\"id\":1}\n"
       "{\"label\":\"b\",\"id\":{\"x\":[1,2.5e3,null]},\"text\":\"caf\xC3\xA9 \\\"quoted\\\" \\ud800\"}\n"
       "{\"id\":\"\\\\\",\"text\":\"third row\",\"label\":true}\n"},
      {"csv",
       "id,text,label\n1,plain text,a\n2,\"quoted, \"\"text\"\"\",b\r\n3,\"two\nlines\",a\n4,caf\xC3\xA9 \" x,b\n"},
      {"json",
       "[{\"text\":\"hello \\u00e9 [there]\",\"label\":\"a\",\"id\":1},\n {\"label\":\"b\",\"id\":{\"x\":[1,2.5e3]},\n"
       "  \"text\":\"caf\xC3\xA9 \\\"}, quoted\\\" \\\\\"} , {\"text\":\"third\",\"label\":true}\n]\n"},
      {"tsv", "id\ttext\tlabel\n1\tplain text\ta\n2\t\"quoted\t\"\"text\"\"\"\tb\n3\tfoo\ta\n"},
  };
  const TemporaryFolder files;
  Mutator mutator(20240229);
  for (const Seed& seed : seeds) {
    for (int round = 0; round < 1500; ++round) {
      const std::string path = files.write("corpus", mutator.mutate(std::string(seed.bytes)));
      CorpusOptions options;
      options.columns = {"id"};
      if (round % 50 != 0) options.encoding = "utf-8";  // else hardly a broken one gets past its encoding
      options.on_bad_row = round % 3 == 0 ? OnBadRow::stop : OnBadRow::skip;
      options.need_label = round % 2 == 0;
      if (round % 4 == 0) options.format = seed.format;
      if (round % 5 == 0 && seed.format.starts_with("json")) options.text = "/id/x/1";
      read_and_check(path, options);
    }
  }
}

TEST_CASE("Random bytes under every format are read or refused, never crash") {
  const TemporaryFolder files;
  Mutator random(7);
  for (const std::string format : {"", "csv", "tsv", "jsonl", "json"}) {
    for (int round = 0; round < 200; ++round) {
      std::string bytes;
      // No NUL, so that it is not refused at once as binary.
      for (std::size_t count = random.below(400); count > 0; --count) {
        bytes += static_cast<char>(random.below(4) == 0 ? 32 + random.below(96) : 9 + random.below(247));
      }
      CorpusOptions options = skipping();
      options.format = format;
      options.columns = {"1"};
      options.encoding = "utf-8";
      options.header = false;
      read_and_check(files.write("corpus", bytes), options);
    }
  }
}
