#include "textlambda/train/corpus_warnings.h"

#include "textlambda/corpus/corpus.h"

#include "tests/catch.h"

using namespace textlambda;
using Warnings = std::vector<std::string>;

namespace {

Warnings warnings_of(const std::string& csv) {
  const corpus::Corpus corpus = corpus::Corpus::over("text,label\n" + csv, "a.csv", {});
  features::FeatureOptions options;
  return train::corpus_warnings(corpus, train::count_documents(corpus, {options, 20}, io::Executor(2), {}));
}

}  // namespace

TEST_CASE("A corpus without faults gives no warnings") { CHECK(warnings_of("one,x\ntwo,y\nthree,x\n").empty()); }

TEST_CASE("Repeated rows and texts under two labels are told, as a model sees them") {
  CHECK(warnings_of("one,x\ntwo,y\n\"one \",x\n") == Warnings{"a.csv:4: a row repeats an earlier one, text and label"});
  CHECK(warnings_of("one,x\none,x\ntwo,y\ntwo,y\ntwo,y\n") ==
        Warnings{"a.csv:3: 3 rows repeat an earlier one, text and label; the first here"});
  CHECK(warnings_of("one,x\ntwo,y\none,y\n") == Warnings{"a.csv:4: a text has two labels: \"y\" and earlier \"x\""});
  CHECK(warnings_of("two,y\none,x\none,y\ntwo,x\ntwo,x\n") ==
        Warnings{"a.csv:6: a row repeats an earlier one, text and label",
                 "a.csv:4: 2 texts have two labels or more; the first here: \"y\" and earlier \"x\""});
}

TEST_CASE("Labels that hardly differ are told") {
  CHECK(warnings_of("one,Bug\ntwo,bug\nthree,y\n") ==
        Warnings{
            "a.csv:3: label \"bug\" beside \"Bug\", which differs only in case, blanks or the form of its characters"});
  CHECK(warnings_of("one,caf\xC3\xA9\ntwo,cafe\xCC\x81\nthree,a  b\nfour,a b\n") ==
        Warnings{"a.csv:3: 2 times labels differ only in case, blanks or the form of their characters; the first here: "
                 "label \"cafe\xCC\x81\" beside \"caf\xC3\xA9\""});
}
