#include "textlambda/report/html_page.h"

#include <string_view>

#include "textlambda/report/escape.h"

namespace textlambda::report {

// Files compiled in: see CMakeLists.txt.
namespace embedded {
extern const std::string_view kPageCss;
extern const std::string_view kPageJs;
extern const std::string_view kChartJs;
}  // namespace embedded

std::string assemble(const HtmlPage& page) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
      // Without an icon of its own a browser asks the server for one.
      "<link rel=\"icon\" href=\"data:,\">\n<title>";
  html += escape_html(page.title) + "</title>\n<style>\n";
  html += embedded::kPageCss;
  html += "</style>\n</head>\n<body>\n" + page.body;
  if (!page.chart_data.empty()) {
    html +=
        "<script type=\"application/json\" id=\"chart-data\">" + escape_json_in_html(page.chart_data) + "</script>\n";
    html += "<script>\n";
    html += embedded::kChartJs;
    html += "\n</script>\n";
  }
  html += "<script>\n";
  html += embedded::kPageJs;
  return html + "</script>\n</body>\n</html>\n";
}

}  // namespace textlambda::report
