// What a call of /invocations asks: texts, in one of the forms that SageMaker's clients send.
// https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
// https://docs.aws.amazon.com/sagemaker/latest/dg/blazingtext.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::sagemaker {

// The media types that requests and answers have.
enum class Media { csv, json, json_lines, lines };

// How an answer in JSON is written.
enum class Form {
  one,        // {"text": "…"} or "…": an object
  several,    // {"texts": ["…"]}, ["…"], {"instances": [{"text": "…"}]}: {"predictions": […]}
  blazing,    // {"instances": ["…"]}, {"source": "…"}: as BlazingText answers
  each_line,  // an object a line
};

struct AskedText {
  std::string text;
  std::size_t k = 0;  // labels to name, the most probable first; 0: one, without a list of scores
  bool blazing = false;
};

struct InferenceRequest {
  Form form = Form::several;
  std::vector<AskedText> texts;
};

// What a client sent that cannot be answered; what() is one line.
struct BadRequest {
  unsigned status = 400;
  std::string message;
};

// The media type that a header Content-Type names. Throws BadRequest(415).
Media read_content_type(std::string_view header);
// The one to answer in: the first of a header Accept that can be written; where it leaves it open, that of the request
// (of plain lines: JSON Lines). Throws BadRequest(406).
Media read_accept(std::string_view header, Media asked);

// CSV has one column, without a header; each line of text is a text; one of JSON is an object or a string. Throws
// BadRequest. Pure, thread-safe.
InferenceRequest read_inference(std::string_view body, Media media);

}  // namespace textlambda::sagemaker
