// Decompression of a whole input held in memory, and compression. The two decoders have one contract: `output` receives
// all bytes of all members or frames; Error(input_output) names `file` where the input is truncated, corrupt (both
// formats carry checksums, both are checked) or larger than `max_bytes` once decompressed. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace textlambda::archive {

// Takes some of the bytes, the next ones with each call.
using Output = std::function<void(std::string_view)>;

bool is_zstandard(std::string_view bytes);

// Bytes after the last member that are not a gzip member are ignored, as gzip itself does (tapes and some tools pad).
void decompress_gzip(std::string_view bytes, const std::string& file, std::uint64_t max_bytes, const Output& output);
void decompress_zstandard(std::string_view bytes, const std::string& file, std::uint64_t max_bytes,
                          const Output& output);

// The same of Zstandard, all at once.
std::string decompress_zstandard(std::string_view bytes, const std::string& file, std::uint64_t max_bytes);

// One Zstandard frame. The same bytes for the same library version; read back by decompress_zstandard. `file` is for
// messages.
std::string compress_zstandard(std::string_view bytes, const std::string& file, int level = 12);

// Throws the error for an output that passes the limit.
[[noreturn]] void throw_too_large(const std::string& file, std::uint64_t max_bytes);

}  // namespace textlambda::archive
