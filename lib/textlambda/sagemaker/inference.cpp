#include "textlambda/sagemaker/inference.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "textlambda/corpus/formats/csv_row.h"
#include "textlambda/json/write.h"
#include "textlambda/model/most_probable.h"
#include "textlambda/sagemaker/inference_request.h"

namespace textlambda::sagemaker {
namespace {

constexpr std::string_view kLabelPrefix = "__label__";

// One answer after the other, behind one another in a text.
class Writer {
 public:
  explicit Writer(const model::Classifier& classifier) : classifier_(classifier) {}

  void append_json(const AskedText& asked, std::string& out) {
    const model::Prediction prediction = classifier_.predict(asked.text, scratch_);
    if (asked.blazing) {
      append_blazing(asked, out);
      return;
    }
    out += "{\"label\":";
    json::append_string(out, prediction.label);
    out += ",\"confidence\":";
    json::append_number(out, prediction.confidence);
    out += prediction.abstained ? ",\"abstained\":true" : ",\"abstained\":false";
    if (asked.k > 0) {
      out += ",\"scores\":[";
      const char* separator = "";
      for (const std::size_t label : best(asked.k)) {
        out.append(separator).append("{\"label\":");
        json::append_string(out, classifier_.label(label));
        out += ",\"confidence\":";
        json::append_number(out, scratch_.probabilities()[label]);
        out += "}";
        separator = ",";
      }
      out += "]";
    }
    out += "}";
  }

  void append_csv(const AskedText& asked, std::string& out) {
    const model::Prediction prediction = classifier_.predict(asked.text, scratch_);
    out += corpus::csv_field(prediction.label);
    out += ',';
    json::append_number(out, prediction.confidence);
    out += '\n';
  }

 private:
  std::vector<std::size_t> best(std::size_t k) const {
    const auto found = model::most_probable(scratch_.probabilities(), std::min(k, classifier_.label_count()));
    return {found.begin(), found.end()};
  }

  // {"label": ["__label__a", "__label__b"], "prob": [0.9, 0.1]}
  void append_blazing(const AskedText& asked, std::string& out) const {
    const std::vector<std::size_t> labels = best(std::max<std::size_t>(asked.k, 1));
    out += "{\"label\":[";
    const char* separator = "";
    for (const std::size_t label : labels) {
      out += separator;
      json::append_string(out, std::string(kLabelPrefix).append(classifier_.label(label)));
      separator = ",";
    }
    out += "],\"prob\":[";
    separator = "";
    for (const std::size_t label : labels) {
      out += separator;
      json::append_number(out, scratch_.probabilities()[label]);
      separator = ",";
    }
    out += "]}";
  }

  const model::Classifier& classifier_;
  model::Scratch scratch_;
};

http::Response response_of(std::string_view type, std::string body) {
  return {200, {{"Content-Type", std::string(type)}}, std::move(body)};
}

// An answer may be many times as long as its request.
void require_room(const std::string& body) {
  if (body.size() > kMostPayload) {
    throw BadRequest{413,
                     fmt::format("the answer is over {} MB: expected fewer texts, or a smaller k", kMostPayload >> 20)};
  }
}

http::Response write_json(Writer& writer, const InferenceRequest& request) {
  std::string body;
  if (request.form == Form::one) {
    writer.append_json(request.texts.front(), body);
    return response_of("application/json", std::move(body));
  }
  body = request.form == Form::blazing ? "[" : "{\"predictions\":[";
  const char* separator = "";
  for (const AskedText& asked : request.texts) {
    body += separator;
    writer.append_json(asked, body);
    separator = ",";
    require_room(body);
  }
  body += request.form == Form::blazing ? "]" : "]}";
  return response_of("application/json", std::move(body));
}

http::Response write(Writer& writer, const InferenceRequest& request, Media media) {
  std::string body;
  switch (media) {
    case Media::csv:
      for (const AskedText& asked : request.texts) writer.append_csv(asked, body);
      return response_of("text/csv; charset=utf-8", std::move(body));
    case Media::json:
      return write_json(writer, request);
    case Media::json_lines:
    case Media::lines:
      for (const AskedText& asked : request.texts) {
        writer.append_json(asked, body);
        body += '\n';
        require_room(body);
      }
      return response_of("application/jsonlines", std::move(body));
  }
  return {};
}

}  // namespace

http::Response refusal(unsigned status, const std::string& message) {
  std::string body = "{\"error\":";
  json::append_string(body, message);
  body += "}";
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

http::Response answer_invocation(const model::Classifier& classifier, std::string_view content_type,
                                 std::string_view accept, std::string_view body) {
  try {
    const Media media = read_content_type(content_type);
    const Media wanted = read_accept(accept, media);
    const InferenceRequest request = read_inference(body, media);
    Writer writer(classifier);
    return write(writer, request, wanted);
  } catch (const BadRequest& bad) {
    return refusal(bad.status, bad.message);
  }
}

http::Response execution_parameters(unsigned threads) {
  return response_of("application/json",
                     fmt::format("{{\"MaxConcurrentTransforms\":{},\"BatchStrategy\":\"MULTI_RECORD\","
                                 "\"MaxPayloadInMB\":{}}}",
                                 threads, kMostPayload >> 20));
}

}  // namespace textlambda::sagemaker
