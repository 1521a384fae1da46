#include "textlambda/aws/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "textlambda/http/message.h"
#include "textlambda/io/error.h"

namespace textlambda::aws {
namespace {

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  return text;
}

// Becomes a part of a host's name.
void check_region(const std::string& region) {
  const bool fits = region.size() <= 64 && std::all_of(region.begin(), region.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                    });
  if (!fits) io::throw_usage(fmt::format("\"{}\" is no region: expected one such as eu-central-1", region));
}

}  // namespace

Session::Session(Surroundings surroundings, SessionOptions options)
    : surroundings_(std::move(surroundings)),
      options_(std::move(options)),
      profile_(read_profile(surroundings_)),
      credentials_(surroundings_, profile_) {}

tls::TrustOptions Session::trust() const {
  const std::string file = surroundings_.variable("AWS_CA_BUNDLE");
  return {file.empty() ? profile_.text("ca_bundle") : file};
}

std::string Session::region(const std::string& service) const {
  std::string region = options_.region;
  if (region.empty()) region = surroundings_.variable("AWS_REGION");
  if (region.empty()) region = surroundings_.variable("AWS_DEFAULT_REGION");
  if (region.empty()) region = profile_.text("region");
  if (region.empty() && !endpoint_url(service).empty()) region = "us-east-1";
  if (region.empty()) {
    io::throw_usage(
        fmt::format("no AWS region: set AWS_REGION, or region of the profile \"{}\" in ~/.aws/config", profile_.name));
  }
  check_region(region);
  return region;
}

std::string Session::endpoint_url(const std::string& service) const {
  if (!options_.endpoint_url.empty()) return options_.endpoint_url;
  if (http::lower_case(surroundings_.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) == "true") return "";
  std::string url = surroundings_.variable(("AWS_ENDPOINT_URL_" + upper_case(service)).c_str());
  if (url.empty()) url = surroundings_.variable("AWS_ENDPOINT_URL");
  if (!url.empty()) return url;
  const auto found = profile_.services.find(service + ".endpoint_url");
  return found != profile_.services.end() ? found->second.text : profile_.text("endpoint_url");
}

tls::Target Session::target(const std::string& service, const std::string& region) const {
  check_region(region);
  const std::string url = endpoint_url(service);
  if (url.empty()) return tls::parse_target(fmt::format("https://{}.{}.{}", service, region, domain_of(region)));
  return tls::parse_target(url);
}

std::string domain_of(const std::string& region) {
  return region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

}  // namespace textlambda::aws
