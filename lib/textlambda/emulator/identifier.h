// Identifiers that Lambda makes up, which two emulators never share; nothing secret. Not thread-safe.
#pragma once

#include <chrono>
#include <string>

namespace textlambda::emulator {

std::string new_uuid();                    // RFC 9562, version 4
std::string new_hex(unsigned characters);  // lower case
// Root=1-5c536348-3d683b8b04734faae651f476: the moment, and 96 random bits; the second with ;Parent=…;Sampled=0.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
std::string new_trace_root(std::chrono::system_clock::time_point moment);
std::string new_trace_id();
// One of that root, unless it is one already.
std::string trace_id_of(const std::string& root);
double new_fraction();  // 0 to below 1

// The time now, as Lambda writes it: 2026-01-31T12:00:00.000+0000; and with a Z for ISO 8601.
std::string time_stamp();
std::string time_stamp_z();

}  // namespace textlambda::emulator
