#include "textlambda/report/escape.h"

#include <string>
#include <string_view>

#include "tests/catch.h"

namespace textlambda::report {
namespace {

struct Escaped {
  std::string_view bytes;
  const char* expected;
};

TEST_CASE("HTML: markup is text, what cannot be shown is replaced") {
  const Escaped cases[] = {{"plain", "plain"},
                           {"<script>alert(\"x\")</script>", "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"},
                           {"a & 'b'", "a &amp; &#39;b&#39;"},
                           {"line\nbreak\tstays", "line\nbreak\tstays"},
                           {"\x01\x1B[0m", "\uFFFD\uFFFD[0m"},
                           {std::string_view("nul\0", 4), "nul\uFFFD"},
                           {"\u0085", "\uFFFD"},
                           {"broken\xC3", "broken\uFFFD"},
                           {"שלום 你好", "שלום 你好"}};
  for (const Escaped& test : cases) {
    CAPTURE(test.expected);
    CHECK(escape_html(test.bytes) == test.expected);
  }
}

TEST_CASE("XML: only the characters of XML 1.0, line breaks kept in attributes") {
  const Escaped cases[] = {{"a<b>\"&'", "a&lt;b&gt;&quot;&amp;&#39;"},
                           {"a\r\n\tb", "a&#13;&#10;&#9;b"},
                           {"\x0B\x0C", "\uFFFD\uFFFD"},
                           {"\uFFFE\uFFFF", "\uFFFD\uFFFD"},
                           {"]]>", "]]&gt;"},
                           {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"}};
  for (const Escaped& test : cases) {
    CAPTURE(test.expected);
    CHECK(escape_xml(test.bytes) == test.expected);
  }
}

TEST_CASE("Markdown: a code span that nothing can leave") {
  const Escaped cases[] = {{"plain *text* @someone #1", "`plain *text* @someone #1`"},
                           {"a|b", "`a\\|b`"},
                           {"tick ` tock", "``tick ` tock``"},
                           {"``", "``` `` ```"},
                           {"`a", "`` `a ``"},
                           {"two\nlines", "`two lines`"},
                           {"", "`  `"},
                           {"\u202Eevil", "`\uFFFDevil`"}};
  for (const Escaped& test : cases) {
    CAPTURE(test.expected);
    CHECK(markdown_code(test.bytes, 30) == test.expected);
  }
  CHECK(markdown_code("a long text that is cut", 11) == "`a long tex…`");
}

TEST_CASE("workflow commands: percent and line breaks, and in properties the separators") {
  CHECK(escape_workflow_message("100 %\r\nfile:1,2") == "100 %25%0D%0Afile:1,2");
  CHECK(escape_workflow_property("a:b,c%\n") == "a%3Ab%2Cc%25%0A");
  CHECK(escape_workflow_message("\x1B::error::x\u202E") == "\uFFFD::error::x\uFFFD");
}

TEST_CASE("JSON within a script element cannot end it") {
  CHECK(escape_json_in_html(R"({"a":"</script><!--&"})") == "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
  CHECK(escape_json_in_html("\"\u2028\u2029\u2030\"") == "\"\\u2028\\u2029\u2030\"");
}

}  // namespace
}  // namespace textlambda::report
