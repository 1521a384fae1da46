#include "textlambda/emulator/event_stream.h"

#include <algorithm>
#include <cstdint>

#include <boost/crc.hpp>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/base64.h"

namespace textlambda::emulator {
namespace {

constexpr char kStringType = 7;

void add_u32(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
}

std::uint32_t crc_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string typed_message(const char* type, const char* content_type, std::string_view payload) {
  return event_stream_message({{":event-type", type}, {":content-type", content_type}, {":message-type", "event"}},
                              payload);
}

}  // namespace

std::string event_stream_message(const std::vector<EventStreamHeader>& headers, std::string_view payload) {
  std::string encoded;
  for (const EventStreamHeader& header : headers) {
    encoded += static_cast<char>(header.name.size());
    encoded += header.name;
    encoded += kStringType;
    encoded += static_cast<char>(header.value.size() >> 8U);
    encoded += static_cast<char>(header.value.size() & 0xFFU);
    encoded += header.value;
  }
  // The length of all, of the headers, and the checksum of both; what follows; the checksum of the whole.
  constexpr std::size_t kAround = 16;
  std::string message;
  add_u32(message, static_cast<std::uint32_t>(kAround + encoded.size() + payload.size()));
  add_u32(message, static_cast<std::uint32_t>(encoded.size()));
  add_u32(message, crc_of(message));
  message += encoded;
  message += payload;
  add_u32(message, crc_of(message));
  return message;
}

std::string chunk_message(std::string_view payload) {
  return typed_message("PayloadChunk", "application/octet-stream", payload);
}

std::string complete_message(const Outcome& outcome, bool with_log) {
  nlohmann::json complete = nlohmann::json::object();
  if (outcome.function_error) {
    complete["ErrorCode"] = outcome.error_type.empty() ? "Unhandled" : outcome.error_type;
    complete["ErrorDetails"] = outcome.body;
  }
  if (with_log) complete["LogResult"] = encoding::encode_base64(outcome.log);
  return typed_message("InvokeComplete", "application/json",
                       complete.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string streamed_outcome(const Outcome& outcome, bool with_log) {
  constexpr std::size_t kChunk = std::size_t{1} << 16;
  std::string stream;
  for (std::size_t begin = 0; !outcome.function_error && begin < outcome.body.size(); begin += kChunk) {
    stream += chunk_message(std::string_view(outcome.body).substr(begin, kChunk));
  }
  return stream + complete_message(outcome, with_log);
}

}  // namespace textlambda::emulator
