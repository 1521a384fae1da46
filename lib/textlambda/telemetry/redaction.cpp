#include "textlambda/telemetry/redaction.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"
#include "textlambda/encoding/gzip.h"
#include "textlambda/encoding/percent_encoding.h"
#include "textlambda/json/write.h"
#include "textlambda/text/utf8.h"

namespace textlambda::telemetry {
namespace {

// All lists are of plain names: lower case, without "-" and "_". docs/bootstrap.md repeats them.
constexpr std::array<std::string_view, 41> kSecretAnywhere = {
    // headers
    "authorization", "proxyauthorization", "xauthorization", "cookie", "cookies", "setcookie", "xapikey", "xauthtoken",
    "xaccesstoken", "xamzsecuritytoken", "xamznoidcdata", "xamznoidcaccesstoken", "xcsrftoken", "xxsrftoken",
    "xvaulttoken", "privatetoken",
    // fields, parameters
    "token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "securitytoken", "csrftoken",
    "apitoken", "authorizationtoken", "bearertoken", "apikey", "accesskey", "secretkey", "secretaccesskey",
    "privatekey", "clientsecret", "secret", "password", "passwd", "passphrase", "credential", "credentials",
    "xamzcredential", "xamzsignature"};
// Other things have these names elsewhere: the key of an S3 object, the signature of an SNS message.
constexpr std::array<std::string_view, 14> kSecretParameters = {
    "key", "sig", "signature", "auth", "code", "session",   "sessionid",
    "sid", "pwd", "pass",      "jwt",  "otp",  "assertion", "awsaccesskeyid"};
// A header with one of these in its name is secret.
constexpr std::array<std::string_view, 9> kSecretInHeaders = {
    "authorization", "token", "secret", "apikey", "password", "credential", "cookie", "session", "signature"};
constexpr std::array<std::string_view, 4> kHeaderObjects = {"headers", "multivalueheaders", "requestheaders",
                                                            "responseheaders"};
constexpr std::array<std::string_view, 5> kParameterObjects = {
    "querystringparameters", "multivaluequerystringparameters", "querystring", "query", "formparameters"};

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostUnpacked = std::size_t{4} << 20;

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(0, 2 * kLongestName)) {
    if (c == '-' || c == '_') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return plain;
}

template <typename List>
bool contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '%';
}

bool is_quote(char c) { return c == '"' || c == '\''; }

// Behind the string whose opening quote is at `begin`, in valid JSON.
std::size_t string_end(std::string_view json, std::size_t begin) {
  std::size_t at = begin + 1;
  while (json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

// What a string of JSON, with its quotes, means.
std::string meaning_of(std::string_view token) {
  if (token.find('\\') == std::string_view::npos) return std::string(token.substr(1, token.size() - 2));
  return nlohmann::json::parse(token.begin(), token.end(), nullptr, false).get<std::string>();
}

// A name in a text, in front of the ":" or "=" that is at `sign`.
struct NameInText {
  std::string_view name;
  bool quoted = false;
  bool first_of_line = false;
  bool parameter = false;  // of a URL or a form, by what stands in front of it
};

NameInText name_before(std::string_view text, std::size_t sign, bool has_blank) {
  NameInText found;
  std::size_t end = sign;
  while (end > 0 && sign - end < 4 && (text[end - 1] == ' ' || text[end - 1] == '\\')) --end;
  if (end > 0 && is_quote(text[end - 1])) {
    found.quoted = true;
    --end;
    if (end > 0 && text[end - 1] == '\\') --end;
  }
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestName && is_name_byte(text[begin - 1])) --begin;
  found.name = text.substr(begin, end - begin);
  const char before = begin == 0 ? '\n' : text[begin - 1];
  found.quoted = found.quoted && is_quote(before);
  found.first_of_line = before == '\n';
  found.parameter = text[sign] == '=' && end == sign &&
                    (std::string_view("?&;#").find(before) != std::string_view::npos || (begin == 0 && !has_blank));
  return found;
}

std::size_t backslashes_before(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (count < at && text[at - count - 1] == '\\') ++count;
  return count;
}

// Where the value ends that begins at `begin`, behind the quote that opens it, if one does.
std::size_t value_end(std::string_view text, std::size_t begin, const NameInText& name) {
  if (name.parameter) return std::min(text.find_first_of("&;#\"'<> \t\r\n\\", begin), text.size());
  const char opening = text[begin - 1];
  if (!is_quote(opening)) return std::min(text.find_first_of(name.quoted ? ",]}\"\r\n" : "\"\r\n", begin), text.size());
  // In JSON that is a string of JSON each quote has a backslash; a quote inside the value has more than those around
  // it.
  const std::size_t around = backslashes_before(text, begin - 1);
  std::size_t end = text.find(opening, begin);
  while (end != std::string_view::npos) {
    const std::size_t escapes = backslashes_before(text, end);
    if (around == 0 ? escapes % 2 == 0 : escapes <= around) break;
    end = text.find(opening, end + 1);
  }
  return end == std::string_view::npos ? text.size() : end - std::min(around, end - begin);
}

}  // namespace

Redaction::Redaction(const std::vector<std::string>& more) {
  for (const std::string& name : more) more_.push_back(plain_name(name));
}

bool Redaction::is_secret(std::string_view name, Place place) const {
  const std::string plain = plain_name(name);
  if (plain.empty()) return false;
  if (contains(kSecretAnywhere, plain) || contains(more_, plain)) return true;
  if (place == Place::parameter) return contains(kSecretParameters, plain);
  return place == Place::header &&
         std::any_of(kSecretInHeaders.begin(), kSecretInHeaders.end(),
                     [&](std::string_view part) { return plain.find(part) != std::string::npos; });
}

bool Redaction::redact_text(std::string_view text, std::string& result) const {
  const bool has_blank = text.find_first_of(" \t\r\n") != std::string_view::npos;
  result.clear();
  std::size_t done = 0;
  for (std::size_t sign = text.find_first_of(":="); sign != std::string_view::npos;
       sign = text.find_first_of(":=", std::max(sign + 1, done))) {
    const NameInText name = name_before(text, sign, has_blank);
    if (name.name.empty()) continue;
    const std::string decoded = name.parameter ? encoding::percent_decoded(name.name) : std::string(name.name);
    // In the middle of a line "cookie: …" may be a sentence; nobody writes "set-cookie: …" in one.
    const bool header = text[sign] == ':' && (name.first_of_line || decoded.find('-') != std::string::npos ||
                                              plain_name(decoded).find("authorization") != std::string::npos);
    if (!name.parameter && !name.quoted && !header) continue;
    if (!is_secret(decoded, name.parameter ? Place::parameter : header ? Place::header : Place::anywhere)) continue;
    std::size_t begin = sign + 1;
    if (!name.parameter) begin = std::min(text.find_first_not_of(" \t[\"'\\", begin), text.size());
    const std::size_t end = value_end(text, begin, name);
    if (end <= begin || text.substr(begin, end - begin) == kRedacted) continue;
    result.append(text.substr(done, begin - done)).append(kRedacted);
    done = end;
  }
  if (done == 0) return false;
  result.append(text.substr(done));
  return true;
}

// One way through the text, without recursion.
class Redaction::Pass {
 public:
  Pass(const Redaction& redaction, std::string_view json) : redaction_(redaction), json_(json) {}

  Result run() {
    while (at_ < json_.size()) step();
    return std::move(result_);
  }

 private:
  struct Frame {
    bool object = false;
    bool secret = false;  // all in it
    Place place = Place::anywhere;
    bool key_is_next = false;
    // {"name": "Authorization", "value": "…"}, in either order.
    bool names_secret = false;
    std::optional<std::pair<std::size_t, std::size_t>> value;  // of result_.json
  };
  enum class Role { plain, name, value };

  void step() {
    const char c = json_[at_];
    if (c == '"') return frames_.empty() || !frames_.back().key_is_next ? read_string() : read_key();
    if (c == '{' || c == '[') {
      frames_.push_back({.object = c == '{',
                         .secret = member_secret_ || (!frames_.empty() && frames_.back().secret),
                         .place = member_place_,
                         .key_is_next = c == '{',
                         .names_secret = false,
                         .value = std::nullopt});
      // The elements of an array stand where it stands; an object's members under names of their own.
      if (c == '{') member_place_ = Place::anywhere;
      member_secret_ = false;
    } else if (c == '}' || c == ']') {
      frames_.pop_back();
      end_member();
    } else if (c == ',') {
      end_member();
      frames_.back().key_is_next = frames_.back().object;
    } else if (is_secret_here() && ((c >= '0' && c <= '9') || c == '-')) {
      at_ = std::min(json_.find_first_not_of("0123456789+-.eE", at_), json_.size());
      result_.json += '0';
      return;
    }
    result_.json += c;
    ++at_;
  }

  bool is_secret_here() const { return member_secret_ || (!frames_.empty() && frames_.back().secret); }

  void end_member() {
    member_secret_ = false;
    member_role_ = Role::plain;
    member_place_ = frames_.empty() || frames_.back().object ? Place::anywhere : frames_.back().place;
  }

  void read_key() {
    const std::string_view token = json_.substr(at_, string_end(json_, at_) - at_);
    const std::string name = meaning_of(token);
    const std::string plain = plain_name(name);
    Frame& frame = frames_.back();
    frame.key_is_next = false;
    member_role_ = plain == "name" || plain == "key" ? Role::name : plain == "value" ? Role::value : Role::plain;
    member_secret_ = redaction_.is_secret(name, frame.place) || (member_role_ == Role::value && frame.names_secret);
    member_place_ = contains(kHeaderObjects, plain)      ? Place::header
                    : contains(kParameterObjects, plain) ? Place::parameter
                                                         : Place::anywhere;
    result_.json += token;
    at_ += token.size();
  }

  void read_string() {
    const std::string_view token = json_.substr(at_, string_end(json_, at_) - at_);
    at_ += token.size();
    const std::size_t begin = result_.json.size();
    if (is_secret_here()) {
      put_redacted(begin, begin);
    } else {
      const std::string meaning = meaning_of(token);
      if (const std::optional<std::string> changed = without_secrets(meaning)) {
        json::append_string(result_.json, *changed);
      } else {
        result_.json += token;
      }
      note_pair(meaning, begin);
    }
  }

  void put_redacted(std::size_t begin, std::size_t end) {
    result_.json.replace(begin, end - begin, '"' + std::string(kRedacted) + '"');
  }

  void note_pair(const std::string& meaning, std::size_t begin) {
    if (frames_.empty() || !frames_.back().object) return;
    Frame& frame = frames_.back();
    if (member_role_ == Role::value) frame.value = {begin, result_.json.size()};
    if (member_role_ != Role::name || !redaction_.is_secret(meaning, Place::header)) return;
    frame.names_secret = true;
    if (!frame.value) return;
    put_redacted(frame.value->first, frame.value->second);
    frame.value.reset();
  }

  // A string that holds secrets, without them; nothing where it holds none.
  std::optional<std::string> without_secrets(const std::string& text) {
    std::string changed;
    if (redaction_.redact_text(text, changed)) return changed;
    std::string bytes;
    constexpr std::size_t kShortest = 12;  // no name and value fit in less
    if (text.size() < kShortest || !encoding::decode_base64(text, bytes).empty()) return std::nullopt;
    if (encoding::is_gzip(bytes)) {
      std::string unpacked;
      const bool whole = encoding::gunzip(bytes, kMostUnpacked, unpacked).error.empty();
      result_.packed_secret = result_.packed_secret || !whole || redaction_.redact_text(unpacked, changed);
    } else if (text::valid_utf8_prefix(bytes) == bytes.size() && redaction_.redact_text(bytes, changed)) {
      return encoding::encode_base64(changed);
    }
    return std::nullopt;
  }

  const Redaction& redaction_;
  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
  // Of the member or element that comes next.
  bool member_secret_ = false;
  Place member_place_ = Place::anywhere;
  Role member_role_ = Role::plain;
  Result result_;
};

Redaction::Result Redaction::redacted(std::string_view json) const { return Pass(*this, json).run(); }

}  // namespace textlambda::telemetry
