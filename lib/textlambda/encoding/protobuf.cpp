#include "textlambda/encoding/protobuf.h"

namespace textlambda::encoding {

std::optional<std::uint64_t> ProtobufReader::varint() {
  constexpr std::size_t kLongest = 10;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kLongest && i < left_.size(); ++i) {
    const auto byte = static_cast<unsigned char>(left_[i]);
    value |= std::uint64_t{byte & 0x7FU} << 7 * i;
    if ((byte & 0x80U) != 0) continue;
    left_.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> ProtobufReader::take(std::uint64_t size) {
  if (size > left_.size()) return std::nullopt;
  const std::string_view taken = left_.substr(0, static_cast<std::size_t>(size));
  left_.remove_prefix(taken.size());
  return taken;
}

std::optional<ProtobufReader::Field> ProtobufReader::next() {
  const std::string_view before = left_;
  const auto fault = [&] {
    left_ = before;
    return std::nullopt;
  };
  const std::optional<std::uint64_t> key = varint();
  constexpr std::uint64_t kLargestNumber = (std::uint64_t{1} << 29) - 1;
  if (!key || *key >> 3 == 0 || *key >> 3 > kLargestNumber) return fault();
  Field field;
  field.number = static_cast<std::uint32_t>(*key >> 3);
  std::optional<std::uint64_t> size;
  switch (*key & 7) {
    case 0:
      size = varint();
      if (!size) return fault();
      field.varint = *size;
      return field;
    case 1:
      field.type = Field::Type::fixed64;
      size = 8;
      break;
    case 2:
      field.type = Field::Type::bytes;
      size = varint();
      break;
    case 5:
      field.type = Field::Type::fixed32;
      size = 4;
      break;
    default:  // groups, and what there is not
      return fault();
  }
  const std::optional<std::string_view> bytes = size ? take(*size) : std::nullopt;
  if (!bytes) return fault();
  field.bytes = *bytes;
  return field;
}

}  // namespace textlambda::encoding
