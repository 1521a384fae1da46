// Answers in the contract of their source, written from a classified event.
#pragma once

#include <string>

#include "textlambda/lambda/classification.h"
#include "textlambda/lambda/event.h"
#include "textlambda/lambda/handler.h"
#include "textlambda/lambda/limits.h"

namespace textlambda::lambda {

// Fills in everything but the source. A record for which the answer has no room becomes a failed one.
void write_answer(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);

// The answer becomes a failed invocation, `{"errorMessage","errorType","stackTrace":[]}`.
void fail(Answer& answer, std::string type, std::string message);
// The same for a mistake of ours, with nothing of the inside; over HTTP a status 500 instead.
void fail_internally(Answer& answer);

// One for each family of contracts.
void write_batch_failures(const Event& event, const ClassificationWriter& writer, Answer& answer);  // batch_answers.cpp
void write_firehose(Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);
void write_object_tasks(const Event& event, Answer& answer);
void write_list(const Event& event, const ClassificationWriter& writer, const Limits& limits, Answer& answer);
void write_http(const Event& event, const ClassificationWriter& writer, const Limits& limits,
                Answer& answer);                                                         // http_answers.cpp
void write_lex(const Event& event, const ClassificationWriter& writer, Answer& answer);  // payload_answers.cpp
void write_appsync(const Event& event, const ClassificationWriter& writer, Answer& answer);
void write_cognito(const Event& event, Answer& answer);
void write_direct(const Event& event, const ClassificationWriter& writer, Answer& answer);

// A record as one object of a list: its classification, or its error. `with_id`: and what its source calls it.
void append_record(std::string& json, const Record& record, const ClassificationWriter& writer, bool with_id,
                   bool with_status);
bool has_failed(const Record& record);

}  // namespace textlambda::lambda
