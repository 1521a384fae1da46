#include "textlambda/events/binary_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "textlambda/encoding/protobuf.h"
#include "textlambda/text/utf8.h"

namespace textlambda::events {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

constexpr auto kMagics = std::to_array<Magic>({
    {"Obj\x01"sv, "Avro, object container file"},
    {"\xC3\x01"sv, "Avro, single-object encoding"},
    {"\x89PNG\r\n\x1A\n"sv, "PNG"},
    {"\xFF\xD8\xFF"sv, "JPEG"},
    {"GIF87a"sv, "GIF"},
    {"GIF89a"sv, "GIF"},
    {"II*\0"sv, "TIFF"},
    {"MM\0*"sv, "TIFF"},
    {"%PDF-"sv, "PDF"},
    {"PK\x03\x04"sv, "ZIP"},
    {"PK\x05\x06"sv, "ZIP"},
    {"\x28\xB5\x2F\xFD"sv, "Zstandard"},
    {"\x04\x22\x4D\x18"sv, "LZ4"},
    {"\xFF\x06\0\0sNaPpY"sv, "Snappy"},
    {"\x82SNAPPY\0"sv, "Snappy"},
    {"\xFD"
     "7zXZ\0"sv,
     "xz"},
    {"\xAC\xED\0\x05"sv, "a Java object, serialised"},
    {"\x7F"
     "ELF"sv,
     "ELF"},
    {"OggS\0"sv, "Ogg"},
    {"SQLite format 3\0"sv, "SQLite"},
    {"\xD9\xD9\xF7"sv, "CBOR"},
    {"\xFF\xFE"sv, "UTF-16"},
    {"\xFE\xFF"sv, "UTF-16"},
    {"\0asm"sv, "WebAssembly"},
});

// Those whose name does not stand at the very beginning, or not there alone.
std::string_view named_further_on(std::string_view bytes) {
  if (bytes.starts_with("BZh") && bytes.substr(std::min<std::size_t>(4, bytes.size())).starts_with("1AY&SY")) {
    return "bzip2";
  }
  if (bytes.starts_with("RIFF") && bytes.size() >= 12) {
    const std::string_view kind = bytes.substr(8, 4);
    if (kind == "WEBP") return "WebP";
    if (kind == "WAVE") return "WAV";
    if (kind == "AVI ") return "AVI";
  }
  constexpr std::string_view kParquet = "PAR1";
  if (bytes.size() > 2 * kParquet.size() && bytes.starts_with(kParquet) && bytes.ends_with(kParquet)) return "Parquet";
  if (bytes.size() > 8 && bytes[0] == '\0' && bytes.substr(4, 4) == "ftyp") return "MP4 or HEIF";
  return {};
}

constexpr std::size_t kConfluentHeader = 5;
constexpr std::size_t kGlueHeader = 18;

bool has_confluent_header(std::string_view bytes) { return bytes.size() > kConfluentHeader && bytes[0] == '\0'; }

bool has_glue_header(std::string_view bytes) {
  return bytes.size() > kGlueHeader && bytes[0] == '\x03' && (bytes[1] == '\0' || bytes[1] == '\x05');
}

// Control characters that a text has: white space, the bell, backspace, escape.
bool is_of_text(unsigned char control) { return (control >= 0x07 && control <= 0x0D) || control == 0x1B; }

// What some texts keep their fields apart with, or end with: SOH, SUB, FS to US.
bool is_separator(unsigned char control) {
  return control == 0x01 || control == 0x1A || (control >= 0x1C && control <= 0x1F);
}

struct Controls {
  std::size_t zeros_even = 0;  // by position
  std::size_t zeros_odd = 0;
  std::size_t separators = 0;
  std::size_t others = 0;

  std::size_t zeros() const { return zeros_even + zeros_odd; }
};

Controls count_controls(std::string_view bytes) {
  Controls found;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte >= 0x20 || is_of_text(byte)) continue;
    if (byte == 0) {
      ++(at % 2 == 0 ? found.zeros_even : found.zeros_odd);
    } else if (is_separator(byte)) {
      ++found.separators;
    } else {
      ++found.others;
    }
  }
  return found;
}

// Whether it is, from the first byte to the last, a message whose first field is one of the first three, which begin
// with white space or a control character. A text that begins with a newline could be taken for one: without any
// control character it has to be one string, exactly as long as its second character says.
bool is_protobuf(std::string_view bytes, const Controls& controls) {
  using Field = encoding::ProtobufReader::Field;
  constexpr std::uint32_t kLargestNumber = 3;
  encoding::ProtobufReader reader(bytes);
  std::optional<Field> field = reader.next();
  if (!field || field->number > kLargestNumber) return false;
  if (controls.separators + controls.others + controls.zeros() == 0 && bytes.front() != '\b') {
    return field->number == 1 && field->type == Field::Type::bytes && reader.done();
  }
  while (field && !reader.done()) field = reader.next();
  return reader.done();
}

// A map or a list of MessagePack that begins with a short string: two bytes that no UTF-8 begins with.
bool is_message_pack(std::string_view bytes) {
  if (bytes.size() < 3) return false;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  return first > 0x80 && first < 0xA0 && second > 0xA0 && second < 0xC0;
}

// Three of four characters are broken: a text in another encoding, or none.
bool is_mostly_broken(std::string_view bytes) {
  std::size_t whole = 0;
  std::size_t broken = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t valid = text::valid_utf8_prefix(bytes.substr(at));
    const std::string_view prefix = bytes.substr(at, valid);
    whole += static_cast<std::size_t>(std::count_if(
        prefix.begin(), prefix.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
    at += valid;
    if (at == bytes.size()) break;
    ++broken;
    ++at;
  }
  return broken > 3 * whole;
}

}  // namespace

std::string_view named_format(std::string_view bytes) {
  const auto* const found =
      std::find_if(kMagics.begin(), kMagics.end(), [&](const Magic& magic) { return bytes.starts_with(magic.bytes); });
  return found == kMagics.end() ? named_further_on(bytes) : found->name;
}

std::string_view binary_kind(std::string_view bytes) {
  const std::string_view name = named_format(bytes);
  if (!name.empty()) return name;
  const Controls controls = count_controls(bytes);
  const std::size_t zeros = controls.zeros();
  if (zeros >= bytes.size() / 4 && zeros > 0 && bytes.size() % 2 == 0 &&
      (controls.zeros_even == 0 || controls.zeros_odd == 0) && bytes.size() >= 4) {
    return "UTF-16";
  }
  if (has_confluent_header(bytes)) return "Avro or Protobuf, Confluent wire format";
  if (has_glue_header(bytes)) return "Avro or Protobuf, AWS Glue Schema Registry";
  if (is_protobuf(bytes, controls)) return "Protobuf";
  if (is_message_pack(bytes)) return "MessagePack";
  if (zeros + controls.others > 0) return "control characters";
  if (is_mostly_broken(bytes)) return "no UTF-8";
  return {};
}

std::string_view without_schema_header(std::string_view bytes) {
  if (has_confluent_header(bytes)) return bytes.substr(kConfluentHeader);
  if (has_glue_header(bytes)) return bytes.substr(kGlueHeader);
  return bytes;
}

}  // namespace textlambda::events
