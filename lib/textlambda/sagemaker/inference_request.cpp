#include "textlambda/sagemaker/inference_request.h"

#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/corpus/formats/csv_row.h"
#include "textlambda/corpus/line_cursor.h"
#include "textlambda/http/message.h"
#include "textlambda/json/document.h"
#include "textlambda/text/blank.h"
#include "textlambda/text/utf8.h"

namespace textlambda::sagemaker {
namespace {

using Json = nlohmann::json;

// "Text/CSV; charset=utf-8" → "text/csv".
std::string essence_of(std::string_view header) {
  return http::lower_case(text::trimmed(header.substr(0, header.find(';'))));
}

std::optional<Media> media_of(const std::string& essence) {
  if (essence == "text/csv") return Media::csv;
  if (essence == "application/json") return Media::json;
  if (essence == "application/jsonlines" || essence == "application/jsonl" || essence == "application/x-jsonlines" ||
      essence == "application/x-ndjson") {
    return Media::json_lines;
  }
  if (essence == "text/plain") return Media::lines;
  return std::nullopt;
}

// Nothing, or utf-8 in whatever spelling.
bool has_other_charset(std::string_view header) {
  const std::string lower = http::lower_case(header);
  const std::size_t at = lower.find("charset=");
  if (at == std::string::npos) return false;
  std::string_view name = std::string_view(lower).substr(at + 8);
  name = name.substr(0, name.find(';'));
  return name.find("utf-8") == std::string_view::npos && name.find("utf8") == std::string_view::npos &&
         name.find("us-ascii") == std::string_view::npos;
}

[[noreturn]] void refuse(std::string message) { throw BadRequest{400, std::move(message)}; }

void read_csv(std::string_view body, InferenceRequest& request) {
  corpus::CsvRow row;
  std::string buffer;
  std::uint64_t number = 0;
  const char* const end = body.data() + body.size();
  for (const char* begin = body.data(); begin < end; begin = row.next) {
    corpus::split_row(begin, end, {}, row);
    ++number;
    if (row.fault != corpus::CsvFault::none) refuse(fmt::format("row {}: a quote that does not close", number));
    if (row.cells.size() > 1) {
      refuse(fmt::format("row {}: {} columns found, expected one: a text with commas stands in quotes", number,
                         row.cells.size()));
    }
    AskedText asked;
    if (!row.cells.empty()) asked.text = corpus::cell_content(row.cells.front(), buffer);
    request.texts.push_back(std::move(asked));
  }
}

std::size_t read_k(const Json& value) {
  if (!value.is_number_integer() || value < 1 || value > 1'000'000) {
    refuse(fmt::format("k: {} given, expected a number of labels from 1", json::compact(value).substr(0, 40)));
  }
  return value.get<std::size_t>();
}

// The text of {"text": …} and of {"source": …}.
std::optional<AskedText> read_object(const Json& object) {
  AskedText asked;
  const std::string* text = json::string_member(object, "text");
  if (text == nullptr) {
    text = json::string_member(object, "source");
    asked.blazing = text != nullptr;
  }
  if (text == nullptr) return std::nullopt;
  asked.text = *text;
  if (const Json* k = json::member(object, "k"); k != nullptr) asked.k = read_k(*k);
  return asked;
}

AskedText read_one(const Json& value, const std::string& where) {
  if (value.is_string()) return {value.get<std::string>(), 0, false};
  std::optional<AskedText> asked = read_object(value);
  if (!asked) refuse(where + ": expected a string, or an object with a string \"text\"");
  return std::move(*asked);
}

void read_list(const Json& list, const char* name, InferenceRequest& request) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    request.texts.push_back(read_one(list[i], fmt::format("{}[{}]", name, i)));
  }
}

void set_k(const Json& value, InferenceRequest& request) {
  const std::size_t k = read_k(value);
  for (AskedText& asked : request.texts) {
    if (asked.k == 0) asked.k = k;
  }
}

// BlazingText's: strings, and how many labels in a configuration.
void read_instances(const Json& document, const Json& instances, InferenceRequest& request) {
  read_list(instances, "instances", request);
  const bool plain = instances.empty() || instances.front().is_string();
  if (plain) request.form = Form::blazing;
  for (AskedText& asked : request.texts) asked.blazing = plain;
  if (const Json* configuration = json::member(document, "configuration"); configuration != nullptr) {
    if (const Json* k = json::member(*configuration, "k"); k != nullptr) set_k(*k, request);
  }
}

void read_json(std::string_view body, InferenceRequest& request) {
  Json document;
  if (const std::string fault = json::read(body, {}, document); !fault.empty()) refuse(fault);
  if (document.is_array()) return read_list(document, "", request);
  if (const Json* instances = json::member(document, "instances"); instances != nullptr && instances->is_array()) {
    return read_instances(document, *instances, request);
  }
  if (const Json* texts = json::member(document, "texts"); texts != nullptr && texts->is_array()) {
    read_list(*texts, "texts", request);
    if (const Json* k = json::member(document, "k"); k != nullptr) set_k(*k, request);
    return;
  }
  request.texts.push_back(read_one(document, "the body"));
  request.form = request.texts.front().blazing ? Form::blazing : Form::one;
}

void read_json_lines(std::string_view body, InferenceRequest& request) {
  request.form = Form::each_line;
  corpus::LineCursor lines(body, '\n');
  for (std::string_view line; lines.next(line);) {
    if (text::trimmed(line).empty()) continue;  // between objects it means nothing
    Json document;
    if (const std::string fault = json::read(line, {}, document); !fault.empty()) {
      refuse(fmt::format("line {}: {}", lines.number(), fault));
    }
    request.texts.push_back(read_one(document, fmt::format("line {}", lines.number())));
  }
}

void read_lines(std::string_view body, InferenceRequest& request) {
  request.form = Form::each_line;
  corpus::LineCursor lines(body, '\n');
  for (std::string_view line; lines.next(line);) request.texts.push_back({std::string(line), 0, false});
}

}  // namespace

Media read_content_type(std::string_view header) {
  const std::optional<Media> media = media_of(essence_of(header));
  if (!media) {
    throw BadRequest{415, fmt::format("Content-Type \"{}\" given, expected text/csv, application/json, "
                                      "application/jsonlines or text/plain",
                                      header.substr(0, 100))};
  }
  if (has_other_charset(header)) {
    throw BadRequest{415, fmt::format("Content-Type \"{}\" given, expected UTF-8", header.substr(0, 100))};
  }
  return *media;
}

Media read_accept(std::string_view header, Media asked) {
  const Media usual = asked == Media::lines ? Media::json_lines : asked;
  std::string_view rest = header;
  if (text::trimmed(rest).empty()) return usual;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string essence = essence_of(rest.substr(0, comma));
    if (essence == "*/*") return usual;
    if (essence == "application/*") return usual == Media::csv ? Media::json : usual;
    if (essence == "text/*") return Media::csv;
    if (const std::optional<Media> media = media_of(essence); media && *media != Media::lines) return *media;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  throw BadRequest{406, fmt::format("Accept \"{}\" given, expected text/csv, application/json or application/jsonlines",
                                    header.substr(0, 100))};
}

InferenceRequest read_inference(std::string_view body, Media media) {
  body = text::without_byte_order_mark(body);
  InferenceRequest request;
  switch (media) {
    case Media::csv:
      read_csv(body, request);
      break;
    case Media::json:
      read_json(body, request);
      break;
    case Media::json_lines:
      read_json_lines(body, request);
      break;
    case Media::lines:
      read_lines(body, request);
      break;
  }
  if (request.texts.empty()) refuse("no text found, expected at least one");
  return request;
}

}  // namespace textlambda::sagemaker
