#include "textlambda/emulator/page_face.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/emulator/browser_guard.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/events/service_side.h"
#include "textlambda/events/source.h"

namespace textlambda::emulator {

// Files compiled in: see CMakeLists.txt.
namespace embedded {
extern const std::string_view kSharedCss;
extern const std::string_view kPageCss;
extern const std::string_view kPageHtml;
extern const std::string_view kPageJs;
extern const std::string_view kChartJs;
}  // namespace embedded

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kPagePath = "/_textlambda";
constexpr std::size_t kLongestText = 10'000;  // of a sample event

std::string dumped(const OrderedJson& json, int indent = -1) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

http::Response page_response(unsigned status, std::string type, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", std::move(type)},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Referrer-Policy", "no-referrer"}},
          .body = std::move(body)};
}

http::Response plain_response(unsigned status, std::string text) {
  return page_response(status, "text/plain; charset=utf-8", std::move(text));
}

http::Response json_answer(std::string json) { return page_response(200, "application/json", std::move(json)); }

// Not to be guessed, and never the same: the kernel's.
std::string new_nonce() {
  static std::random_device source;
  std::string nonce;
  for (int i = 0; i < 4; ++i) nonce += fmt::format("{:08x}", source());
  return nonce;
}

// Replaces each "{{NAME}}" of the template, in one pass: what is put in is not looked through.
std::string filled(std::string_view pattern, const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find("{{");
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    pattern.remove_prefix(open + 2);
    const std::size_t close = pattern.find("}}");
    const std::string_view name = pattern.substr(0, close);
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
    if (value != values.end()) out += value->second;
    pattern.remove_prefix(close + 2);
  }
  return out;
}

}  // namespace

std::string functions_json(const std::vector<ShownFunction>& functions) {
  OrderedJson list = OrderedJson::array();
  for (const ShownFunction& function : functions) {
    OrderedJson environments = OrderedJson::array();
    for (const ShownEnvironment& environment : function.environments) {
      environments.push_back({{"id", environment.id},
                              {"state", environment.state},
                              {"age_ms", environment.age.count()},
                              {"invocations", environment.invocations},
                              {"peak_bytes", environment.peak_bytes}});
    }
    list.push_back({{"name", function.name},
                    {"version", function.version},
                    {"handler", function.handler},
                    {"memory_mb", function.memory_mb},
                    {"timeout_ms", function.timeout.count()},
                    {"concurrency", function.concurrency},
                    {"aliases", function.aliases},
                    {"environments", std::move(environments)}});
  }
  return dumped({{"functions", std::move(list)}});
}

std::string sample_events_json(std::string_view text) {
  OrderedJson list = OrderedJson::array();
  for (int i = 0; i < events::kSourceCount; ++i) {
    const auto source = static_cast<events::Source>(i);
    const OrderedJson event = OrderedJson::parse(events::sample_event(source, text));
    list.push_back({{"source", events::source_name(source)}, {"event", dumped(event, 2)}});
  }
  return dumped({{"text", text}, {"events", std::move(list)}});
}

PageFace::PageFace(const InvocationHistory& history, std::function<std::string()> functions_json,
                   std::function<std::string()> log_tail, std::vector<std::string> more_hosts)
    : history_(history),
      functions_json_(std::move(functions_json)),
      log_tail_(std::move(log_tail)),
      more_hosts_(std::move(more_hosts)) {}

bool PageFace::owns(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == kPagePath || path.starts_with(std::string(kPagePath) + "/");
}

http::Response PageFace::answer(const ServerRequest& request) const {
  if (const std::string refusal = browser_refusal(request, more_hosts_); !refusal.empty()) {
    return refused_browser(refusal);
  }
  if (request.method != "GET") return plain_response(405, "expected GET\n");
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  path.remove_prefix(std::min(path.size(), kPagePath.size()));
  const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  const std::map<std::string, std::string> fields = encoding::form_fields(query);
  const auto field = [&](const char* name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  };
  if (path.empty()) {
    http::Response moved = plain_response(308, "see /_textlambda/\n");
    moved.headers.push_back({"Location", "/_textlambda/"});
    return moved;
  }
  if (path == "/") return page();
  if (path == "/stats") {
    const std::string after = field("after");
    const char* const end = after.data() + after.size();
    std::uint64_t number = 0;
    const auto read = std::from_chars(after.data(), end, number);
    if (!after.empty() && (read.ec != std::errc() || read.ptr != end)) {
      return plain_response(400, "after: expected a number\n");
    }
    return json_answer(history_.to_json(number));
  }
  if (path == "/functions") return json_answer(functions_json_());
  if (path == "/log") return plain_response(200, log_tail_());
  if (path == "/events") {
    const std::string text = field("text");
    if (text.size() > kLongestText) return plain_response(413, "the text is too long\n");
    return json_answer(sample_events_json(text.empty() ? "I was charged twice" : text));
  }
  return plain_response(404, "nothing is here; see /_textlambda/\n");
}

http::Response PageFace::page() const {
  const std::string nonce = new_nonce();
  http::Response response = page_response(200, "text/html; charset=utf-8",
                                          filled(embedded::kPageHtml, {{"nonce", nonce},
                                                                       {"shared_style", embedded::kSharedCss},
                                                                       {"style", embedded::kPageCss},
                                                                       {"chart", embedded::kChartJs},
                                                                       {"script", embedded::kPageJs}}));
  response.headers.push_back(
      {"Content-Security-Policy", fmt::format("default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; "
                                              "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                                              "frame-ancestors 'none'",
                                              nonce)});
  return response;
}

}  // namespace textlambda::emulator
