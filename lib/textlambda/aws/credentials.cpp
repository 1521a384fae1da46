#include "textlambda/aws/credentials.h"

#include <arpa/inet.h>

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/aws/retry.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/json/document.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/tls/connection.h"

namespace textlambda::aws {
namespace {

constexpr std::chrono::minutes kRenewedBefore{5};
constexpr std::chrono::seconds kContainerPatience{5};
constexpr unsigned kContainerAttempts = 3;
constexpr std::size_t kLongestToken = 64 << 10;
constexpr const char* kExport = "eval \"$(aws configure export-credentials --format env)\"";

// Where ECS and EKS answer; other hosts are asked by TLS alone, since the answer is a secret.
bool may_be_asked_plainly(const std::string& host) {
  constexpr std::array<std::string_view, 5> kHosts = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1",
                                                      "localhost"};
  for (const std::string_view known : kHosts) {
    if (host == known) return true;
  }
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

// The first and last line end of a token's file are not the token's.
std::string token_of_file(const std::string& path) {
  const io::MappedFile file = io::MappedFile::open(path);
  std::string token(file.view().substr(0, kLongestToken));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.find_first_of("\r\n") != std::string::npos) {
    io::throw_input("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: expected one line, the token", path);
  }
  return token;
}

// The only thing that is told of it.
[[noreturn]] void refuse_kind(const Profile& profile, const ConfigValue& where, std::string_view kind) {
  io::throw_input(fmt::format("the profile \"{}\" has {} here, which is not supported: run  {}  and try again",
                              profile.name, kind, kExport),
                  where.file, where.line);
}

}  // namespace

CredentialSource::CredentialSource(Surroundings surroundings, Profile profile)
    : surroundings_(std::move(surroundings)), profile_(std::move(profile)) {}

signing::Credentials CredentialSource::get() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!held_) {
    held_ = find();
  } else if (held_->expiry && surroundings_.now() + kRenewedBefore >= *held_->expiry) {
    try {
      held_ = find();
    } catch (const io::Error&) {
      if (surroundings_.now() >= *held_->expiry) throw;  // what is held is good for minutes yet
    }
  }
  return held_->credentials;
}

bool CredentialSource::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool others = held_ && held_->expiry;
  held_.reset();
  return others;
}

CredentialSource::Timed CredentialSource::find() {
  if (std::optional<Timed> found = of_variables()) return std::move(*found);
  if (!surroundings_.variable("AWS_WEB_IDENTITY_TOKEN_FILE").empty()) {
    io::throw_input(fmt::format(
        "AWS_WEB_IDENTITY_TOKEN_FILE asks to assume a role, which is not supported: run  {}  and try again", kExport));
  }
  if (std::optional<Timed> found = of_profile()) return std::move(*found);
  if (std::optional<Timed> found = of_container()) return std::move(*found);
  io::throw_input(fmt::format(
      "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor the profile \"{}\" in "
      "~/.aws/credentials or ~/.aws/config, nor AWS_CONTAINER_CREDENTIALS_FULL_URI has any (an instance's metadata "
      "service is not asked)",
      profile_.name));
}

std::optional<CredentialSource::Timed> CredentialSource::of_variables() const {
  signing::Credentials found{surroundings_.variable("AWS_ACCESS_KEY_ID"),
                             surroundings_.variable("AWS_SECRET_ACCESS_KEY"),
                             surroundings_.variable("AWS_SESSION_TOKEN")};
  if (found.access_key_id.empty() && found.secret_access_key.empty()) return std::nullopt;
  if (found.secret_access_key.empty()) io::throw_input("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
  if (found.access_key_id.empty()) io::throw_input("AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not");
  return Timed{std::move(found), std::nullopt};
}

std::optional<CredentialSource::Timed> CredentialSource::of_profile() const {
  const ConfigValue* const id = profile_.find("aws_access_key_id");
  const ConfigValue* const secret = profile_.find("aws_secret_access_key");
  // A role before keys: those would be the keys to assume it with.
  constexpr std::array<std::pair<const char*, std::string_view>, 6> kKinds = {
      {{"role_arn", "a role to assume"},
       {"web_identity_token_file", "a role to assume"},
       {"sso_session", "SSO"},
       {"sso_start_url", "SSO"},
       {"login_session", "a login session"},
       {"credential_process", "a process that gives credentials"}}};
  for (const auto& [key, kind] : kKinds) {
    const ConfigValue* const value = profile_.find(key);
    if (value != nullptr && (id == nullptr || std::string_view(key) == "role_arn")) refuse_kind(profile_, *value, kind);
  }
  if (id == nullptr && secret == nullptr) return std::nullopt;
  if (id == nullptr || secret == nullptr) {
    const ConfigValue& there = id == nullptr ? *secret : *id;
    io::throw_input(fmt::format("the profile \"{}\" has {} and no {}", profile_.name,
                                id == nullptr ? "aws_secret_access_key" : "aws_access_key_id",
                                id == nullptr ? "aws_access_key_id" : "aws_secret_access_key"),
                    there.file, there.line);
  }
  return Timed{{id->text, secret->text, profile_.text("aws_session_token")}, std::nullopt};
}

std::optional<CredentialSource::Timed> CredentialSource::of_container() const {
  const std::string relative = surroundings_.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  std::string url = surroundings_.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  const char* const variable =
      relative.empty() ? "AWS_CONTAINER_CREDENTIALS_FULL_URI" : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  if (!relative.empty()) url = "http://169.254.170.2" + (relative.starts_with('/') ? relative : "/" + relative);
  if (url.empty()) return std::nullopt;

  // The whole path and query are the call's: an endpoint's path has no query.
  const std::size_t authority = url.find("//") == std::string::npos ? 0 : url.find("//") + 2;
  const std::size_t path = std::min(url.find('/', authority), url.size());
  tls::Target target;
  try {
    target = tls::parse_target(url.substr(0, path));
  } catch (const io::Error& error) {
    io::throw_input(fmt::format("{}: {}", variable, error.what()));
  }
  if (!target.tls && !may_be_asked_plainly(target.endpoint.host)) {
    io::throw_input(fmt::format("{}: \"{}\" given, expected https, or this machine", variable, url));
  }
  tls::Call call{.method = "GET", .target = path < url.size() ? url.substr(path) : "/"};
  call.headers.push_back({"Accept", "application/json"});
  std::string token = surroundings_.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string file = surroundings_.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    token = token_of_file(file);
  }
  if (!token.empty()) call.headers.push_back({"Authorization", token});

  http::Response response;
  for (unsigned attempt = 1;; ++attempt) {
    try {
      const tls::Deadline deadline{tls::Clock::now() + kContainerPatience, nullptr};
      tls::Connection connection(target, {.longest_body = kLongestToken}, deadline);
      response = connection.send(call, deadline);
      if (response.status == 200 || !is_retried_status(response.status) || attempt == kContainerAttempts) break;
    } catch (const io::Error& error) {
      if (attempt == kContainerAttempts) io::throw_input(fmt::format("{}: {}", variable, error.what()));
    }
    surroundings_.sleep(backoff(attempt, surroundings_.random()));
  }
  if (response.status != 200) {
    io::throw_input(fmt::format("{}: {} answered with status {}", variable, url, response.status));
  }
  nlohmann::json body;
  const std::string fault = json::read(response.body, {}, body);
  const auto text = [&](const char* name) { return fault.empty() ? json::string_or_empty(body, name) : std::string(); };
  Timed found{{text("AccessKeyId"), text("SecretAccessKey"), text("Token")}, std::nullopt};
  const std::optional<std::int64_t> expiry = text::parse_rfc3339(text("Expiration"));
  if (found.credentials.access_key_id.empty() || found.credentials.secret_access_key.empty() || !expiry) {
    io::throw_input(
        fmt::format("{}: {} answered with something else than JSON with AccessKeyId, SecretAccessKey and Expiration",
                    variable, url));
  }
  found.expiry = signing::Moment(std::chrono::seconds(*expiry / 1000));
  return found;
}

}  // namespace textlambda::aws
