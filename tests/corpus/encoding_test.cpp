#include "textlambda/corpus/input_encoding.h"
#include "textlambda/corpus/text_encoding.h"

#include "tests/catch.h"
#include "tests/corpus/corpus_reading.h"

using namespace textlambda::corpus;
using namespace std::string_view_literals;

namespace {

std::string decoded(const std::string& encoding, std::string_view bytes, std::size_t piece) {
  Decoder decoder(checked_encoding(encoding), "file", Decoder::OnInvalid::mark);
  std::string utf8;
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder.decode(bytes.substr(at, piece), utf8);
  decoder.finish(utf8);
  return utf8;
}

CorpusOptions in_encoding(const std::string& encoding) {
  CorpusOptions options;
  options.encoding = encoding;
  return options;
}

// "спорт" and "Наука" in windows-1251.
constexpr std::string_view kSport = "\xF1\xEF\xEE\xF0\xF2";
constexpr std::string_view kScience = "\xCD\xE0\xF3\xEA\xE0";

std::string russian_csv() {
  std::string csv = "text,label\n";
  for (int row = 0; row < 4; ++row) {
    csv.append(kScience).append(" ").append(kSport).append(",").append(kSport).append("\n");
    csv.append(kSport).append(" ").append(kScience).append(",").append(kScience).append("\n");
  }
  return csv;
}

}  // namespace

TEST_CASE("Encodings go by many names") {
  CHECK(checked_encoding("") == "auto");
  CHECK(checked_encoding("UTF8") == "utf-8");
  CHECK(checked_encoding("GBK") == "gb18030");
  CHECK(checked_encoding("cp1252") == "windows-1252");
  CHECK(checked_encoding("Windows-1251") == "windows-1251");
  CHECK(checked_encoding("ISO8859-15") == "iso-8859-15");
  CHECK(checked_encoding("latin-1") == "iso-8859-1");
  CHECK(checked_encoding("Shift-JIS") == "shift_jis");
  CHECK_THROWS_WITH(checked_encoding("klingon"),
                    Catch::StartsWith("unknown encoding \"klingon\", expected auto, utf-8"));
  CHECK_THROWS_WITH(checked_encoding("utf-8//IGNORE"), Catch::StartsWith("unknown encoding"));
}

TEST_CASE("Bytes become UTF-8, in whatever pieces they come") {
  struct Case {
    std::string encoding;
    std::string_view bytes;
    std::string_view utf8;
  };
  // Worked out with Python's codecs.
  const std::vector<Case> cases = {
      {"gbk", "\xD6\xD0\xCE\xC4\n", "中文\n"},
      {"gb18030", "\x81\x30\x81\x30", "\xC2\x80"},
      {"big5", "\xA4\xA4\xA4\xE5", "中文"},
      {"shift_jis", "\x93\xFA\x96\x7B\x83\x65\x5C", "日本テ\\"},
      {"euc-kr", "\xC7\xD1\xB1\xDB", "한글"},
      {"windows-1252", "\x93\xE9\x94\x80", "“é”€"},
      {"iso-8859-15", "\xA4", "€"},
      {"utf-16le", "a\0\x2D\x4E\x3D\xD8\x00\xDE"sv, "a中😀"},
      {"utf-16be", "\0a\x4E\x2D"sv, "a中"},
      {"windows-1252", "a\x81z", "a\xFFz"},  // no such character
      {"gbk", "\xD6", "\xFF"},               // ends inside one
  };
  for (const Case& item : cases) {
    CAPTURE(item.encoding, item.utf8);
    for (std::size_t piece = 1; piece <= item.bytes.size(); ++piece) {
      CHECK(decoded(item.encoding, item.bytes, piece) == item.utf8);
    }
  }
}

TEST_CASE("What is no UTF-8 is refused with line, encoding and option") {
  CHECK(error_of("a.csv", russian_csv()) ==
        "a.csv:2: is not UTF-8: 8 of its 9 lines are not, the first here; looks like windows-1251: --encoding "
        "windows-1251 reads it so");
  CHECK(read_bytes("a.csv", russian_csv(), in_encoding("cp1251")).rows.front() == "2|спорт|Наука спорт");
  // Whatever is done with bad rows.
  CHECK_FALSE(error_of("a.csv", russian_csv(), skipping()).empty());
  // A file that is UTF-8 for the most part.
  CHECK(error_of("a.csv", "text,label\nné à Orléans,x\nbrûlé \xE9,y\n") ==
        "a.csv:3: is not UTF-8 here; most of it is UTF-8: --encoding utf-8 replaces what is broken by U+FFFD");
}

TEST_CASE("One broken row in hundreds is repaired and remarked on, a label is not") {
  std::string csv = "text,label\n";
  for (int row = 0; row < 300; ++row) csv += row % 2 == 0 ? "some words,a\n" : "other words,b\n";
  const std::string one = csv + "caf\xE9 au lait,a\n";
  const Corpus corpus = Corpus::over(one, "a.csv", {});
  CHECK(read_all(corpus).repaired == 1);
  CHECK(corpus.remarks() ==
        std::vector<std::string>{"a.csv:302: broken UTF-8, replaced by U+FFFD (looks like windows-1252: --encoding "
                                 "windows-1252 reads it so)"});
  CHECK(
      error_of("a.csv", csv + "coffee,caf\xE9\n") ==
      "a.csv:302: the label is not UTF-8: \"caf\xEF\xBF\xBD\"; looks like windows-1252: --encoding windows-1252 reads "
      "it so");
}

TEST_CASE("An encoding that was said is held to") {
  CHECK(error_of("a.csv", "text,label\nok,a\na\x81,b\n", in_encoding("windows-1252")) ==
        "a.csv:3: byte 0x81 not valid in windows-1252");
  CHECK(error_of("a.csv", "\xEF\xBB\xBFtext,label\nok,a\n", in_encoding("gbk")) ==
        "a.csv: starts with the byte order mark of utf-8, which is not gb18030");
  const Corpus twice = Corpus::over("text,label\nné,a\nok,b\n", "a.csv", in_encoding("windows-1252"));
  CHECK(twice.remarks() ==
        std::vector<std::string>{"a.csv: is valid UTF-8, and was read as windows-1252 as --encoding says"});
}

TEST_CASE("A byte order mark says the encoding") {
  const std::string_view utf16 = "\xFF\xFEt\0e\0x\0t\0,\0l\0a\0b\0e\0l\0\n\0a\0,\0\x2D\x4E\n\0"sv;
  CHECK(read_bytes("a.csv", utf16).rows == std::vector<std::string>{"2|中|a"});
  CHECK(read_bytes("a.csv", utf16.substr(2), in_encoding("utf-16")).rows == std::vector<std::string>{"2|中|a"});
  const TemporaryFolder files;
  CHECK(Corpus::open({files.write("a.csv", utf16)}, {}).inputs().front().encoding == "utf-16le");
}

TEST_CASE("The likely encoding is told by letters") {
  struct Case {
    std::string encoding;
    std::string_view text;
  };
  const std::vector<Case> cases = {
      {"gb18030", "今天天气很好，我们去公园散步。这家酒店的服务非常好"},
      {"big5", "今天天氣很好，我們去公園散步。這家酒店的服務非常好"},
      {"shift_jis", "今日はとても良い天気です。カメラを買いました"},
      {"euc-jp", "今日はとても良い天気です。カメラを買いました"},
      {"euc-kr", "오늘은 날씨가 아주 좋습니다. 서비스가 정말 좋아요"},
      {"windows-1251", "Лаборатория проверила теорию, команда выиграла матч"},
      {"koi8-r", "Лаборатория проверила теорию, команда выиграла матч"},
      {"windows-1252", "Der Käse schmeckt überhaupt nicht, schöne Grüße"},
      {"windows-1252", "He said “hello” – and left; it’s fine"},
      {"windows-1252", "L’été dernier, le garçon a mangé des crêpes"},
      {"windows-1250", "Zażółć gęślą jaźń, proszę o pomoc w łączeniu"},
      {"iso-8859-2", "Zażółć gęślą jaźń, proszę o pomoc w łączeniu"},
      {"windows-1254", "Bu ürün çok güzel, ışığı yeterli değil, şişe kırık"},
      {"windows-1253", "Η εφαρμογή δεν λειτουργεί σωστά"},
      {"windows-1255", "השירות היה מצוין והמשלוח הגיע בזמן"},
      {"windows-1256", "الخدمة ممتازة والتوصيل سريع جدا"},
      {"windows-874", "บริการดีมากและจัดส่งรวดเร็ว"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.encoding, item.text);
    const TemporaryFolder files;
    const std::string utf8 = files.write("utf8", item.text);
    const std::string other = files.path("other");
    const std::string iconv_name = item.encoding == "shift_jis" ? "CP932" : item.encoding;
    REQUIRE(std::system(("iconv -f UTF-8 -t " + iconv_name + " " + utf8 + " > " + other).c_str()) == 0);
    CHECK(likely_encoding(textlambda::archive::InputBytes::open(other).view()) == item.encoding);
  }
}
