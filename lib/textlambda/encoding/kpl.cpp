#include "textlambda/encoding/kpl.h"

#include <cstdint>
#include <optional>

#include "textlambda/encoding/md5.h"
#include "textlambda/encoding/protobuf.h"
#include "textlambda/io/invalid.h"

namespace textlambda::encoding {
namespace {

constexpr std::string_view kMagic = "\xF3\x89\x9A\xC2";
constexpr std::size_t kDigest = 16;

using Field = ProtobufReader::Field;

// message Record: 1 the partition key's index, 2 the explicit hash key's, 3 the data, 4 tags. Nothing where one of the
// required two, or the key, is missing.
std::optional<std::string_view> data_of(std::string_view record, std::size_t partition_keys) {
  std::optional<std::string_view> data;
  bool has_key = false;
  ProtobufReader reader(record);
  while (const std::optional<Field> field = reader.next()) {
    if (field->number == 1) has_key = field->type == Field::Type::varint && field->varint < partition_keys;
    if (field->number == 3 && field->type == Field::Type::bytes) data = field->bytes;
  }
  return reader.done() && has_key ? data : std::nullopt;
}

std::string fault(const std::string& what) { return io::not_valid("KPL aggregate (Kinesis Producer Library)", what); }

}  // namespace

bool is_kpl_aggregate(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::string split_kpl_aggregate(std::string_view aggregate, std::size_t limit, std::vector<std::string_view>& records) {
  records.clear();
  if (aggregate.size() < kMagic.size() + kDigest) return fault("cut off");
  const std::string_view message = aggregate.substr(kMagic.size(), aggregate.size() - kMagic.size() - kDigest);
  if (md5(message) != aggregate.substr(aggregate.size() - kDigest)) return fault("its checksum is wrong");
  // message AggregatedRecord: 1 the table of partition keys, 2 of explicit hash keys, 3 the records.
  std::size_t partition_keys = 0;
  ProtobufReader reader(message);
  while (const std::optional<Field> field = reader.next()) {
    if (field->number == 1) ++partition_keys;
    if (field->number != 3 || field->type != Field::Type::bytes) continue;
    if (records.size() == limit) return fault("more than " + std::to_string(limit) + " user records");
    records.push_back(field->bytes);
  }
  if (!reader.done()) return fault("what it holds is no message of Protocol Buffers");
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::optional<std::string_view> data = data_of(records[i], partition_keys);
    if (!data) return fault("user record " + std::to_string(i + 1) + " has no data or no partition key");
    records[i] = *data;
  }
  return {};
}

}  // namespace textlambda::encoding
