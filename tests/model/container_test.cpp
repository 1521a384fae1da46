// What the container says of sections whose content it does not know.
#include "textlambda/model/container.h"

#include <algorithm>
#include <string>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/model/kinds.h"
#include "textlambda/model/linear/writer.h"
#include "textlambda/model/model_file.h"

#include "tests/catch.h"
#include "tests/model/model_bytes.h"
#include "tests/model/sample_models.h"

using namespace textlambda;
using namespace textlambda::model;
using format::SectionKind;

TEST_CASE("Sections lie as they were put, aligned and whatever their content") {
  std::vector<std::string> contents;
  std::vector<SectionBytes> sections;
  for (std::uint32_t i = 1; i <= format::kSectionCount; ++i) contents.push_back(std::string(i % 3 * 41, 'x'));
  for (std::uint32_t i = 1; i <= format::kSectionCount; ++i) sections.push_back({SectionKind{i}, contents[i - 1]});
  const AlignedBytes file(lay_out(format::kOldestVersion, sections));
  const std::string name = "file";
  const Container container(file.view(), name);
  CHECK(container.version() == 1);
  REQUIRE(container.sections().size() == format::kSectionCount);
  for (const SectionBytes& section : sections) {
    CHECK(container.get(section.kind) == section.bytes);
    CHECK((container.get(section.kind).data() - file.view().data()) % std::ptrdiff_t{format::kAlignment} == 0);
  }
  CHECK(container.get(SectionKind{15}).empty());
  CHECK_THROWS_WITH(container.array<std::uint64_t>(SectionKind{1}, "first"), "file: has a damaged section: first");
  CHECK_THROWS_WITH(container.require(false, "this"), "file: is damaged: this");
}

TEST_CASE("A section replaced leaves the others as they were") {
  const std::string before = linear::serialise(two_label_words(Precision::int8));
  const std::string card = R"({"documents":5})";
  const std::string after = with_section_replaced(before, SectionKind::card, card);
  CHECK(after == with_section(before, SectionKind::card, card));
  CHECK(content_id(after) != content_id(before));
}

TEST_CASE("Every kind has rising sections and a name of its own; sections of no kind are an error") {
  for (const KindRow& row : kinds()) {
    CAPTURE(row.name);
    CHECK(std::is_sorted(row.sections.begin(), row.sections.end()));
    CHECK(std::adjacent_find(row.sections.begin(), row.sections.end()) == row.sections.end());
    for (const KindRow& other : kinds()) CHECK((&other == &row || other.name != row.name));
  }
  std::vector<SectionBytes> sections;
  const std::string good = linear::serialise(two_label_words(Precision::int8));
  std::vector<std::string> contents;
  for (std::uint32_t i = 1; i <= format::kSectionCount; ++i) contents.push_back(section_bytes(good, SectionKind{i}));
  for (std::uint32_t i = 1; i <= format::kSectionCount; ++i) sections.push_back({SectionKind{i}, contents[i - 1]});
  CHECK(lay_out(format::kOldestVersion, sections) == good);
  sections.back().kind = SectionKind{15};
  const AlignedBytes foreign(lay_out(format::kOldestVersion, sections));
  CHECK_THROWS_WITH(ModelFile::view(foreign.view(), "m"), Catch::Contains("sections are of no kind"));
}
