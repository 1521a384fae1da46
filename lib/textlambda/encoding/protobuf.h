// The wire format of Protocol Buffers, field by field: no schema, no allocation. Any bytes may be given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace textlambda::encoding {

class ProtobufReader {
 public:
  // The bytes have to outlive the reader and what it gives.
  explicit ProtobufReader(std::string_view message) : left_(message) {}

  // A field: its number, and its value by its type.
  struct Field {
    std::uint32_t number = 0;
    enum class Type { varint, fixed64, bytes, fixed32 };
    Type type = Type::varint;
    std::uint64_t varint = 0;  // of type varint
    std::string_view bytes;    // of any other
  };

  // Nothing at the end, and at what is no field (a group, as nobody writes them any more, included).
  std::optional<Field> next();

  // Every byte has been read.
  bool done() const { return left_.empty(); }

 private:
  std::optional<std::uint64_t> varint();
  std::optional<std::string_view> take(std::uint64_t size);

  std::string_view left_;
};

}  // namespace textlambda::encoding
