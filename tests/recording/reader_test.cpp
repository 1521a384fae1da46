#include "textlambda/recording/reader.h"

#include <sys/stat.h>

#include <filesystem>
#include <vector>

#include "textlambda/archive/zip_writer.h"
#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace std::string_literals;

namespace textlambda::recording {
namespace {

using Strings = std::vector<std::string>;

// Written by Python's gzip.compress(b'{"a":1}\n{"a":2}\n', mtime=0).
const std::string kGzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32"
    "\xac\xe5\xaa\x06\xd1\x46\xb5\x5c\x00\x66\xc0\x5a\x19\x10\x00\x00\x00"s;

std::string error_of(const Strings& paths) {
  try {
    list_inputs(paths);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::input_output);
    return error.what();
  }
  return "no error";
}

Strings below(const std::string& root, Strings files) {
  for (std::string& file : files) {
    if (file.rfind(root, 0) == 0) file.erase(0, root.size());
  }
  return files;
}

struct Tree {
  TemporaryFolder folder;
  std::string root = folder.path("");

  Tree() {
    std::filesystem::create_directories(root + "sub/deep");
    for (const char* name :
         {"b.json", "a.jsonl", "B.json", "sub/c.json", "sub/deep/d.json", "sub/2026-11-03T10:22:04.123",
          "sub/part-0000", "sub/README.md", ".hidden.json", "b.expected.json", "z.expected.json"}) {
      folder.write(name, "{}");
    }
  }
};

TEST_CASE("Folders are walked in the order of the paths' bytes") {
  const Tree tree;
  const InputList list = list_inputs({tree.root});
  CHECK(below(tree.root, list.files) == Strings{"B.json", "a.jsonl", "b.json", "sub/2026-11-03T10:22:04.123",
                                                "sub/c.json", "sub/deep/d.json", "sub/part-0000", "z.expected.json"});
  CHECK(below(tree.root, list.passed_over) == Strings{".hidden.json", "sub/README.md"});
}

// A repository's own folder has files without endings; a pipe that nobody writes to would be waited for without end.
TEST_CASE("Hidden folders and pipes in a folder are passed over") {
  const Tree tree;
  std::filesystem::create_directories(tree.root + "sub/.git/objects");
  tree.folder.write("sub/.git/objects/ab12", "{}");
  REQUIRE(::mkfifo((tree.root + "pipe.json").c_str(), S_IRUSR | S_IWUSR) == 0);
  std::filesystem::create_symlink("nowhere", tree.root + "dangling.json");
  const InputList list = list_inputs({tree.root});
  CHECK(below(tree.root, list.files) == Strings{"B.json", "a.jsonl", "b.json", "dangling.json",
                                                "sub/2026-11-03T10:22:04.123", "sub/c.json", "sub/deep/d.json",
                                                "sub/part-0000", "z.expected.json"});
  CHECK(below(tree.root, list.passed_over) == Strings{".hidden.json", "pipe.json", "sub/.git", "sub/README.md"});
  CHECK(list_inputs({tree.root + "sub/.git"}).files.size() == 1);  // named: looked at
}

TEST_CASE("Globs, single files and standard input") {
  const Tree tree;
  const auto matches = [&](const std::string& pattern) {
    return below(tree.root, list_inputs({tree.root + pattern}).files);
  };
  CHECK(matches("*.json") == Strings{"B.json", "b.json", "z.expected.json"});
  CHECK(matches("?.json") == Strings{"B.json", "b.json"});
  CHECK(matches("[a-c].json*") == Strings{"a.jsonl", "b.json"});
  CHECK(matches("s*") == matches("sub"));
  CHECK(matches("**/*.json") == Strings{"B.json", "b.json", "sub/c.json", "sub/deep/d.json", "z.expected.json"});
  CHECK(matches("sub/**/d.json") == Strings{"sub/deep/d.json"});
  CHECK(matches("sub/README.md") == Strings{"sub/README.md"});  // named: looked at
  CHECK(list_inputs({"-"}).files == Strings{"-"});
  tree.folder.write("odd[1].json", "{}");
  CHECK(matches("odd[1].json") == Strings{"odd[1].json"});
}

TEST_CASE("Paths that lead to nothing are errors") {
  const Tree tree;
  std::filesystem::create_directories(tree.root + "empty/below");
  tree.folder.write("empty/notes.md", "x");
  CHECK(error_of({tree.root + "none.json"}) == tree.root + "none.json: cannot open: No such file or directory");
  CHECK(error_of({tree.root + "*.zip"}) == tree.root + "*.zip: no file matches");
  CHECK(error_of({tree.root + "none/**/*.json"}) == tree.root + "none/**/*.json: no file matches");
  CHECK(error_of({tree.root + "empty"}).find("is a folder without events") != std::string::npos);
  CHECK(error_of({tree.root + "b.expected.json"}).find("only expected responses") != std::string::npos);
}

Strings read_all(const Strings& paths, ReadSummary* summary = nullptr) {
  Strings found;
  const Reader reader(paths, {});
  const ReadSummary read = reader.read([&](Recording&& recording) {
    const std::string name = recording.file.substr(recording.file.rfind('/') + 1);
    std::string line = name + ":" + std::to_string(recording.line) + " ";
    line += recording.bad_reason.empty() ? recording.event : "!" + recording.bad_reason;
    if (recording.response) line += " => " + *recording.response;
    found.push_back(line);
    return true;
  });
  if (summary != nullptr) *summary = read;
  return found;
}

TEST_CASE("Expected responses stand beside their events or in the recordings") {
  const TemporaryFolder folder;
  folder.write("bare.json", "{\"a\":1}");
  folder.write("bare.expected.json", "{\"r\":1}\n");
  folder.write("wrapped.json", R"({"event":2,"response":3})");
  folder.write("wrapped.expected.json", "4");
  folder.write("noresponse.json", R"({"event":5})");
  folder.write("noresponse.expected.json", "6");
  folder.write("lines.json", "{\"a\":1}\n{\"a\":2}\n");
  folder.write("lines.expected.json", "7");
  CHECK(read_all({folder.path("")}) == Strings{"bare.json:1 {\"a\":1} => {\"r\":1}\n", "lines.json:1 {\"a\":1}",
                                               "lines.json:2 {\"a\":2}", "noresponse.json:1 5 => 6",
                                               "wrapped.json:1 2 => 3"});
}

TEST_CASE("Compressed files and zips; a file that cannot be used is one bad entry") {
  const TemporaryFolder folder;
  folder.write("1.jsonl.gz", kGzip);
  folder.write("2.json", "");
  folder.write("3.json", "\xFF\xFE{\0}\0"s);
  folder.write("4.gz", kGzip.substr(0, 20));
  folder.write("5.json", "{}");
  folder.write("6.zip", archive::write_zip(
                            {{"deep/x.json", "{\"z\":1}"}, {"deep/x.expected.json", "9"}, {"y.jsonl", "1\n2\n"}}));
  ReadSummary summary;
  CHECK(read_all({folder.path("")}, &summary) ==
        Strings{"1.jsonl.gz:1 {\"a\":1}", "1.jsonl.gz:2 {\"a\":2}", "2.json:0 !is empty",
                "3.json:0 !is UTF-16, expected UTF-8", "4.gz:0 !is not valid gzip: cut off at byte 20", "5.json:1 {}",
                "x.json:1 {\"z\":1} => 9", "6.zip!y.jsonl:1 1", "6.zip!y.jsonl:2 2"});
  CHECK(summary.files == 6);
  CHECK(summary.unreadable_files == 3);
}

TEST_CASE("What the receiver throws comes out as it is") {
  const TemporaryFolder folder;
  folder.write("a.json", "1");
  const Reader reader({folder.path("a.json")}, {});
  CHECK_THROWS_WITH(reader.read([](Recording&&) -> bool { io::throw_input("disk full", "out"); }), "out: disk full");
  ReadOptions options;
  options.document.unwrap = "message";
  CHECK_THROWS_WITH(Reader({folder.path("a.json")}, options), Catch::Contains("is no JSON Pointer"));
}

}  // namespace
}  // namespace textlambda::recording
