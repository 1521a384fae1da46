// Comments and pages cite files that are there; the page on the library names the headers that are installed.
#include "tests/architecture/citations.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/architecture/file_text.h"
#include "tests/catch.h"
#include "tests/source_folder.h"

namespace textlambda::architecture {
namespace {

std::string text_of(const char* file) { return file_text(in_source_folder(file)); }

TEST_CASE("what counts as the name of a file") {
  struct Case {
    const char* path;
    const char* text;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"a.cpp",
       "// see io/error.h, and executor.h.\nint x;  // (docs/gate.md)",
       {"io/error.h", "executor.h", "docs/gate.md"}},
      {"a.h", "#include \"io/error.h\"\nconst char* name = \"x/y.cpp\";", {}},
      {"a.h", "// formats/*.cpp, NAME.cpp, NAME/{a,b}.h, <x/y.h>, /usr/x/y.h, https://host/x.md", {}},
      {"page.md", "[gate](docs/gate.md), `../lib/x.h` and support.cpp", {"docs/gate.md", "lib/x.h"}},
      {"CMakeLists.txt", "add(a/b.cpp)  # by c/d.cpp\n", {"c/d.cpp"}},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK(cited_files(one.path, one.text) == one.names);
  }
}

TEST_CASE("no comment and no page cites a file that is not there") { CHECK(stale_citations(in_source_folder()) == ""); }

TEST_CASE("docs/library.md names the headers that are installed, and no others") {
  const std::string install = text_of("cmake/Install.cmake");
  const std::size_t begin = install.find("set(TEXTLAMBDA_PUBLIC_HEADERS\n");
  REQUIRE(begin != std::string::npos);
  std::vector<std::string> installed;
  const std::string list = install.substr(begin, install.find(')', begin) - begin);
  for (std::size_t at = list.find("\n  "); at != std::string::npos; at = list.find("\n  ", at + 1)) {
    installed.push_back(list.substr(at + 3, list.find('\n', at + 1) - at - 3));
  }
  std::vector<std::string> named;
  const std::string page = text_of("docs/library.md");
  for (std::size_t at = page.find("| `textlambda/"); at != std::string::npos;
       at = page.find("| `textlambda/", at + 1)) {
    const std::size_t name = at + std::string_view("| `textlambda/").size();
    named.push_back(page.substr(name, page.find('`', name) - name));
  }
  std::sort(named.begin(), named.end());
  CHECK(installed.size() > 5);
  CHECK(named == installed);
}

}  // namespace
}  // namespace textlambda::architecture
