#include "textlambda/metrics/metric_name.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/catch.h"
#include "tests/metrics/sample_rows.h"

using namespace textlambda;
using namespace textlambda::metrics;

namespace {

std::string fault(const std::string& text, MetricAmount (*parse)(std::string_view, std::string_view)) {
  try {
    parse("--option", text);
  } catch (const io::Error& error) {
    CHECK(error.kind() == io::ErrorKind::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("metrics are named as they are written") {
  for (const char* name :
       {"accuracy", "macro_f1", "log_loss", "top_3_accuracy", "recall[spam]", "f1[a=b]", "recall[*]", "auroc",
        "auroc[spam]", "accuracy[country=DE]", "accuracy[country=*]", "recall[spam][country=DE]", "recall[a][b]",
        "accuracy[url=a=b]", "recall[x]y][country=DE]"}) {
    CAPTURE(name);
    CHECK(to_string(parse_metric(name)) == name);
  }
  const MetricName both = parse_metric("recall[spam][country=DE]");
  CHECK(both.label == "spam");
  CHECK(both.column == "country");
  CHECK(both.value == "DE");
  CHECK(parse_metric("f1[a=b]").label == "a=b");
  CHECK(parse_metric("accuracy[url=a=b]").value == "a=b");
  CHECK(parse_metric("accuracy[country=]").column == "country");
  CHECK(parse_metric("accuracy[country=]").value.empty());
  CHECK(parse_metric("recall[a][b]").label == "a][b");
}

TEST_CASE("a name that is none suggests the one that was meant") {
  const std::vector<std::pair<const char*, const char*>> cases = {{"acuracy", "did you mean accuracy?"},
                                                                  {"Accuracy", "did you mean accuracy?"},
                                                                  {"macro-f1", "did you mean macro_f1?"},
                                                                  {"logloss", "did you mean log_loss?"},
                                                                  {"recal[spam]", "did you mean recall[LABEL]?"},
                                                                  {"recall", "expected a label"},
                                                                  {"accuracy[spam]", "COLUMN=VALUE"},
                                                                  {"accuracy[", "expected METRIC[…]"},
                                                                  {"recall[]", "expected METRIC[…]"},
                                                                  {"top_0_accuracy", "from 1 to 10"},
                                                                  {"top_99_accuracy", "from 1 to 10"},
                                                                  {"", "is no metric"},
                                                                  {"xyzzyxyzzy", "there are accuracy"},
                                                                  {"macro_f1[a][b=c]", "is not a label's"}};
  for (const auto& [name, expected] : cases) {
    CAPTURE(name);
    CHECK_THROWS_WITH(parse_metric(name), Catch::Contains(expected));
  }
}

TEST_CASE("a margin is in percentage points where the metric is a share") {
  CHECK(parse_margin("", "accuracy=0.5pp").amount == Approx(0.005));
  CHECK(parse_margin("", "accuracy=0.5 pp").amount == Approx(0.005));
  CHECK(parse_margin("", "accuracy=0").amount == 0);
  CHECK(parse_margin("", "log_loss=0.01").amount == Approx(0.01));
  CHECK(parse_margin("", "accuracy[a=b]=1pp").metric.value == "b");
  for (const char* text : {"accuracy", "accuracy=", "accuracy=0.5", "accuracy=0.5%", "accuracy=-1pp", "accuracy=-0pp",
                           "accuracy=100pp", "accuracy=nanpp", "accuracy=infpp", "accuracy=1e999pp", "accuracy=1 2pp",
                           "log_loss=1pp", "log_loss=1%", "log_loss=-1", "log_loss=1e300", "=1pp", "accuracy[a=b]"}) {
    CAPTURE(text);
    CHECK_THAT(fault(text, parse_margin), !Catch::Equals(""));
  }
}

TEST_CASE("a limit is a fraction or a percentage") {
  CHECK(parse_limit("", "accuracy=0.92").amount == Approx(0.92));
  CHECK(parse_limit("", "accuracy=92%").amount == Approx(0.92));
  CHECK(parse_limit("", "recall[spam]=1").amount == 1);
  CHECK(parse_limit("", "log_loss=3.5").amount == Approx(3.5));
  for (const char* text : {"accuracy=92", "accuracy=1pp", "accuracy=-0.1", "accuracy=101%", "log_loss=5%", "ece"}) {
    CAPTURE(text);
    CHECK_THAT(fault(text, parse_limit), !Catch::Equals(""));
  }
}

TEST_CASE("figures are found by name") {
  // ham: 2 of 3 right, spam: 1 of 2, one example of an unknown label.
  const Metrics metrics = metrics_of(sample_rows({{"a", "ham", "ham"},
                                                  {"b", "ham", "ham"},
                                                  {"c", "ham", "spam"},
                                                  {"d", "spam", "spam"},
                                                  {"e", "spam", "ham"},
                                                  {"f", "eggs", "ham"}}));
  const auto figure = [&](const char* name) { return figure_of(metrics, parse_metric(name)); };
  CHECK(figure("accuracy") == Approx(3 / 6.0));
  CHECK(figure("recall[ham]") == Approx(2 / 3.0));
  CHECK(figure("precision[ham]") == Approx(2 / 4.0));
  CHECK(figure("f1[spam]") == Approx(2 * 1 / 4.0));
  CHECK(figure("balanced_accuracy") == Approx((2 / 3.0 + 1 / 2.0 + 0) / 3));
  CHECK(figure("top_2_accuracy") == Approx(5 / 6.0));
  CHECK(figure("top_9_accuracy") == Approx(5 / 6.0));
  CHECK(figure("brier") == Approx((3 * 2 * 0.25 * 0.25 + 2 * 2 * 0.75 * 0.75) / 5));
  CHECK(examples_of(metrics, parse_metric("recall[ham]")) == 3);
  CHECK(examples_of(metrics, parse_metric("precision[ham]")) == 4);
  CHECK_THROWS_WITH(figure("recall[none]"), Catch::Contains("no label \"none\""));
}
