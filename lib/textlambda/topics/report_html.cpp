#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "textlambda/report/escape.h"
#include "textlambda/report/html_elements.h"
#include "textlambda/report/html_page.h"
#include "textlambda/text/count.h"
#include "textlambda/topics/report.h"

namespace textlambda::topics {
namespace {

namespace html = report::html;

constexpr double kMapWidth = 960;
constexpr double kMapHeight = 600;
constexpr double kMargin = 30;
constexpr std::size_t kOverlapsListed = 100;

// Hues by the golden angle: neighbours in the list are far apart in colour.
std::string colour_of(std::size_t group) {
  return fmt::format("hsl({:.0f} 65% {}%)", std::fmod(static_cast<double>(group) * 137.508, 360.0),
                     group % 2 == 0 ? 50 : 40);
}

std::string percent_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

// The plane of the map onto the picture: the middle 98 % of each axis, so that one far text does not press the others
// together.
class Frame {
 public:
  explicit Frame(const std::vector<MapPoint>& points) {
    std::vector<double> xs;
    std::vector<double> ys;
    for (const MapPoint& point : points) {
      xs.push_back(static_cast<double>(point.x));
      ys.push_back(static_cast<double>(point.y));
    }
    std::tie(low_x_, high_x_) = middle(xs);
    std::tie(low_y_, high_y_) = middle(ys);
  }
  double x(const MapPoint& point) const { return place(static_cast<double>(point.x), low_x_, high_x_, kMapWidth); }
  double y(const MapPoint& point) const {
    return kMapHeight - place(static_cast<double>(point.y), low_y_, high_y_, kMapHeight);
  }

 private:
  static std::pair<double, double> middle(std::vector<double>& values) {
    if (values.empty()) return {0, 1};
    std::sort(values.begin(), values.end());
    const double low = values[values.size() / 100];
    const double high = values[values.size() - 1 - values.size() / 100];
    return {low, std::max(high, low + 1e-9)};
  }
  static double place(double value, double low, double high, double size) {
    const double share = std::clamp((value - low) / (high - low), -0.02, 1.02);
    return kMargin + share * (size - 2 * kMargin);
  }

  double low_x_ = 0;
  double high_x_ = 1;
  double low_y_ = 0;
  double high_y_ = 1;
};

std::string map_svg(const TopicReport& report) {
  const Frame frame(report.map);
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"100%\" role=\"img\" aria-label=\"Map of the texts, a colour a "
      "group\">\n",
      kMapWidth, kMapHeight);
  struct Sum {
    double x = 0;
    double y = 0;
    std::size_t count = 0;
  };
  std::vector<Sum> centres(report.groups.size());
  for (std::size_t group = 0; group < report.groups.size(); ++group) {
    svg += fmt::format("<g fill=\"{}\" fill-opacity=\"0.55\"><title>{}</title>\n", colour_of(group),
                       report::escape_html(report.groups[group].label));
    for (const MapPoint& point : report.map) {
      if (point.group != group) continue;
      const double x = frame.x(point);
      const double y = frame.y(point);
      svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n", x, y);
      centres[group].x += x;
      centres[group].y += y;
      ++centres[group].count;
    }
    svg += "</g>\n";
  }
  for (std::size_t group = 0; group < centres.size(); ++group) {
    const Sum& centre = centres[group];
    if (centre.count == 0) continue;
    const std::string& label = report.groups[group].label;
    svg += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"13\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>\n",
        centre.x / static_cast<double>(centre.count), centre.y / static_cast<double>(centre.count),
        report::escape_html(label.substr(0, label.find(','))));
  }
  return svg + "</svg>\n";
}

std::string groups_table(const TopicReport& report) {
  std::vector<std::string> rows;
  for (std::size_t index = 0; index < report.groups.size(); ++index) {
    const GroupReport& group = report.groups[index];
    std::string terms;
    for (const GroupTerm& term : group.terms) {
      terms += fmt::format("{}{} <span class=\"quiet\">{:.0f} % / {:.1f} %</span>", terms.empty() ? "" : " · ",
                           html::words(term.text), 100 * term.inside, 100 * term.outside);
    }
    const double share =
        static_cast<double>(group.texts) / static_cast<double>(std::max<std::uint64_t>(report.texts, 1));
    rows.push_back(fmt::format(
        "<tr><th scope=\"row\"><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><circle cx=\"6\" cy=\"6\" r=\"6\" "
        "fill=\"{}\"/></svg> {}</th>{}{}{}{}</tr>",
        colour_of(index), html::words(group.label),
        html::number_cell(text::grouped(group.texts), static_cast<double>(group.texts)),
        html::number_cell(percent_text(share), share),
        html::number_cell(fmt::format("{:.2f}", group.mean_confidence), group.mean_confidence), html::cell(terms)));
  }
  return html::table("groups", "Groups: share inside and outside that has each term",
                     {{"group"}, {"texts", true}, {"share", true}, {"mean confidence", true}, {"terms"}}, rows, true);
}

std::string overlaps_table(const TopicReport& report) {
  if (report.overlaps.empty()) return "<p>No text is nearly as probable in a second group.</p>\n";
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < std::min(report.overlaps.size(), kOverlapsListed); ++i) {
    const Overlap& overlap = report.overlaps[i];
    rows.push_back("<tr>" + html::number_cell(text::grouped(overlap.texts), static_cast<double>(overlap.texts)) +
                   html::cell(html::words(report.groups[overlap.first].label)) +
                   html::cell(html::words(report.groups[overlap.second].label)) + "</tr>");
  }
  return html::table("overlaps", "Texts whose second group is at least half as probable as the first",
                     {{"texts", true}, {"between"}, {"and"}}, rows, true);
}

std::string examples_list(const TopicReport& report, std::string_view title, const std::vector<ExampleText>& examples,
                          bool second) {
  if (examples.empty()) return "";
  std::string list = fmt::format("<p class=\"quiet\">{}</p><ul>\n", title);
  for (const ExampleText& example : examples) {
    list += fmt::format("<li>{} <span class=\"quiet\">{:.2f}{}</span></li>\n", html::words(example.text),
                        example.confidence,
                        second ? ", else " + html::words(report.groups[example.second].label) : std::string());
  }
  return list + "</ul>\n";
}

std::string examples_section(const TopicReport& report) {
  std::string section;
  for (const GroupReport& group : report.groups) {
    section += fmt::format("<details><summary>{}</summary>\n{}{}</details>\n", html::words(group.label),
                           examples_list(report, "typical", group.typical, false),
                           examples_list(report, "borderline", group.borderline, true));
  }
  return section;
}

}  // namespace

std::string to_html(const TopicReport& report) {
  std::string body =
      fmt::format("<main>\n<h1>Topics</h1>\n<p>{} · {} different · {}</p>\n", text::counted(report.texts, "text"),
                  text::grouped(report.distinct_texts), text::counted(report.groups.size(), "group"));
  for (const std::string& warning : report.warnings) {
    body += fmt::format("<p class=\"verdict inconclusive\">{}</p>\n", html::words(warning));
  }
  body += html::section("map", "Map",
                        fmt::format("<p class=\"quiet\">{} in the plane in which the groups lie furthest apart; "
                                    "distances in it are no more than a hint.</p>\n{}",
                                    text::counted(report.map.size(), "text"), map_svg(report)));
  body += html::section("group-list", "Groups", groups_table(report));
  body += html::section("overlap-list", "Overlaps", overlaps_table(report));
  body += html::section("example-list", "Examples", examples_section(report));
  return report::assemble({.title = "Topics", .body = body + "</main>\n", .chart_data = {}});
}

}  // namespace textlambda::topics
