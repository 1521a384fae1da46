// Aggregates of the Kinesis Producer Library: several user records in one record of a stream, a Protocol Buffers
// message between a magic number and its MD5, as the library describes its format. Pure functions; any bytes may be
// given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::encoding {

// The magic number.
bool is_kpl_aggregate(std::string_view bytes);

// Fills `records` with the data of the user records, in order, at most `limit`; borrowed. Or returns why not, in one
// line.
std::string split_kpl_aggregate(std::string_view aggregate, std::size_t limit, std::vector<std::string_view>& records);

}  // namespace textlambda::encoding
