#include "textlambda/signing/canonical.h"

#include <algorithm>
#include <utility>

#include "textlambda/encoding/percent_encoding.h"

namespace textlambda::signing {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void append_folded(std::string& line, std::string_view value) {
  const std::size_t start = line.size();
  bool gap = false;
  for (const char c : value) {
    if (is_blank(c)) {
      gap = true;
      continue;
    }
    if (gap && line.size() > start) line += ' ';
    gap = false;
    line += c;
  }
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const std::size_t question = target.find('?');
  return question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

std::string canonical_path(std::string_view path, std::string_view service) {
  if (path.empty()) return "/";
  if (service == "s3") return std::string(path);
  std::vector<std::string_view> segments;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string plain;
  for (const std::string_view segment : segments) plain.append("/").append(segment);
  if (segments.empty() || path.back() == '/') plain += '/';
  return encoding::percent_encoded(plain, "/");
}

std::string canonical_query(std::string_view query, std::string_view left_out) {
  std::vector<std::pair<std::string, std::string>> parameters;
  encoding::each_parameter(query, [&](const encoding::Parameter& one) {
    if (left_out.empty() || one.name != left_out) {
      parameters.emplace_back(encoding::percent_encoded(encoding::uri_decoded(one.name)),
                              encoding::percent_encoded(encoding::uri_decoded(one.value)));
    }
    return true;
  });
  std::sort(parameters.begin(), parameters.end());
  std::string text;
  for (const auto& [name, value] : parameters) {
    text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return text;
}

std::vector<std::string> canonical_names(std::vector<std::string> names) {
  for (std::string& name : names) name = http::lower_case(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string canonical_headers(const std::vector<http::Header>& headers, const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) {
    std::string line;
    bool first = true;
    for (const http::Header& header : headers) {
      if (header.name.size() != name.size() || http::lower_case(header.name) != name) continue;
      if (!std::exchange(first, false)) line += ',';
      append_folded(line, header.value);
    }
    lines.append(name).append(":").append(line).append("\n");
  }
  return lines;
}

std::string query_value(std::string_view query, std::string_view wanted) {
  std::string found;
  encoding::each_parameter(query, [&](const encoding::Parameter& one) {
    if (one.name != wanted) return true;
    found = encoding::uri_decoded(one.value);
    return false;
  });
  return found;
}

bool has_query_name(std::string_view query, std::string_view wanted) {
  bool found = false;
  encoding::each_parameter(query, [&](const encoding::Parameter& one) {
    found = one.name == wanted;
    return !found;
  });
  return found;
}

std::string joined(const std::vector<std::string>& names, char separator) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

}  // namespace textlambda::signing
