// A log as CloudWatch's tools hand it out in one piece, which its messages have to be taken out of. Told by its
// structure alone. Pure functions, thread-safe; any bytes may be given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace textlambda::recording {

// Whether a JSON value holds messages of a log: the answers of filter-log-events and get-log-events, with or without
// the object around their list; a subscription's delivery; the results of a Logs Insights query, as get-query-results
// and as the console give them; a list of messages.
bool is_log_document(std::string_view json);
// Visits the messages of such a value in order; of any other it visits none. A message that is JSON itself, as the
// console writes it, comes as its text.
void visit_messages(std::string_view json, const std::function<void(std::string_view message)>& visit);

// Whether a text is the console's CSV of a Logs Insights query: its first line names a column @message.
bool is_log_csv(std::string_view text);
// Visits the messages of such a text with the line that each row begins in, from 1, and the offset behind it, until
// `visit` returns false.
void visit_csv_messages(
    std::string_view text,
    const std::function<bool(std::string_view message, std::uint64_t line, std::size_t end)>& visit);

}  // namespace textlambda::recording
