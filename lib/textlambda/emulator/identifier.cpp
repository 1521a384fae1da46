#include "textlambda/emulator/identifier.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

#include <fmt/format.h>

#include "textlambda/text/timestamp.h"

namespace textlambda::emulator {
namespace {

// Seeded by the kernel with more bits than an identifier has; asking the kernel each time would take longer than all
// else in a call.
std::mt19937& random_source() {
  static std::mt19937 source = [] {
    std::random_device kernel;
    std::array<std::uint32_t, 16> words{};
    for (std::uint32_t& word : words) word = kernel();
    std::seed_seq seeds(words.begin(), words.end());
    return std::mt19937(seeds);
  }();
  return source;
}

}  // namespace

std::string new_hex(unsigned characters) {
  std::string digits;
  while (digits.size() < characters) digits += fmt::format("{:08x}", static_cast<std::uint32_t>(random_source()()));
  digits.resize(characters);
  return digits;
}

std::string new_uuid() {
  std::string digits = new_hex(32);
  digits[12] = '4';
  digits[16] = "89ab"[random_source()() & 3U];
  for (const std::size_t place : {8U, 13U, 18U, 23U}) digits.insert(place, 1, '-');
  return digits;
}

std::string new_trace_root(std::chrono::system_clock::time_point moment) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch());
  return fmt::format("Root=1-{:08x}-{}", seconds.count(), new_hex(24));
}

std::string new_trace_id() { return trace_id_of(new_trace_root(std::chrono::system_clock::now())); }

std::string trace_id_of(const std::string& root) {
  return root.find(";Parent=") != std::string::npos ? root : root + ";Parent=" + new_hex(16) + ";Sampled=0";
}

double new_fraction() { return static_cast<double>(random_source()()) / 4294967296.0; }

std::string time_stamp_z() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return text::rfc3339(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::string time_stamp() {
  std::string stamp = time_stamp_z();
  stamp.replace(stamp.size() - 1, 1, "+0000");
  return stamp;
}

}  // namespace textlambda::emulator
