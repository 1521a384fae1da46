#include "textlambda/model/row_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "textlambda/features/n_grams.h"
#include "textlambda/model/format.h"

namespace textlambda::model {
namespace {

// A row's three places, one in each block, and its fingerprint: the exclusive or of what stands there.
struct Row {
  std::array<std::uint32_t, 3> places;
  std::uint16_t fingerprint;
};

Row locate(std::uint64_t row_hash, std::uint64_t seed, std::uint32_t block_length) {
  const std::uint64_t hash = features::hash_finish(features::hash_step(seed, row_hash));
  const auto place = [&](std::uint32_t block) {
    const auto bits = static_cast<std::uint32_t>(std::rotl(hash, static_cast<int>(21 * block)));
    return static_cast<std::uint32_t>((std::uint64_t{bits} * block_length) >> 32) + block * block_length;
  };
  return {{place(0), place(1), place(2)}, static_cast<std::uint16_t>(hash ^ (hash >> 32))};
}

// What is left of the rows at one place: how many, and the exclusive or of their hashes: of a single one, its hash.
struct Place {
  std::uint64_t hashes = 0;
  std::uint32_t count = 0;
};

struct Peeled {
  std::uint64_t row_hash;
  std::uint32_t place;  // where no row peeled later stands
};

// Takes away, one after the other, rows that have a place to themselves. Complete only if the result has them all.
std::vector<Peeled> peel(const std::vector<std::uint64_t>& row_hashes, std::uint64_t seed, std::uint32_t block_length) {
  std::vector<Place> places(std::size_t{3} * block_length);
  for (const std::uint64_t row_hash : row_hashes) {
    for (const std::uint32_t at : locate(row_hash, seed, block_length).places) {
      places[at].hashes ^= row_hash;
      ++places[at].count;
    }
  }
  std::vector<std::uint32_t> single;
  for (std::uint32_t at = 0; at < places.size(); ++at) {
    if (places[at].count == 1) single.push_back(at);
  }
  std::vector<Peeled> order;
  order.reserve(row_hashes.size());
  while (!single.empty()) {
    const std::uint32_t from = single.back();
    single.pop_back();
    if (places[from].count != 1) continue;  // its row went by another place meanwhile
    const std::uint64_t row_hash = places[from].hashes;
    order.push_back({row_hash, from});
    for (const std::uint32_t at : locate(row_hash, seed, block_length).places) {
      places[at].hashes ^= row_hash;
      if (--places[at].count == 1) single.push_back(at);
    }
  }
  return order;
}

}  // namespace

std::string RowFilter::build(std::vector<std::uint64_t> row_hashes) {
  std::sort(row_hashes.begin(), row_hashes.end());
  row_hashes.erase(std::unique(row_hashes.begin(), row_hashes.end()), row_hashes.end());
  if (row_hashes.empty()) return {};
  // 1.23 places a row, and a few more for small sets: peeling then nearly always succeeds.
  const std::uint64_t places = row_hashes.size() + row_hashes.size() * 23 / 100 + 32;
  if (places > UINT32_MAX) throw std::length_error("more rows than a filter can hold");
  format::RowFilterHead head{0, static_cast<std::uint32_t>(row_hashes.size()), static_cast<std::uint32_t>(places / 3)};

  constexpr std::uint64_t kAttempts = 1000;
  std::vector<Peeled> order;
  for (; head.seed < kAttempts; ++head.seed) {
    order = peel(row_hashes, head.seed, head.block_length);
    if (order.size() == row_hashes.size()) break;
  }
  if (head.seed == kAttempts) throw std::logic_error("no filter of rows could be built");

  // Backwards, each row has a place that no row set before reads.
  std::vector<std::uint16_t> fingerprints(std::size_t{3} * head.block_length, 0);
  std::reverse(order.begin(), order.end());
  for (const Peeled& row : order) {
    const Row where = locate(row.row_hash, head.seed, head.block_length);
    unsigned value = where.fingerprint;
    for (const std::uint32_t at : where.places) value ^= fingerprints[at];
    fingerprints[row.place] = static_cast<std::uint16_t>(value);
  }
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
  bytes.append(reinterpret_cast<const char*>(fingerprints.data()), fingerprints.size() * sizeof fingerprints[0]);
  return bytes;
}

const char* RowFilter::find_flaw(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  format::RowFilterHead head{};
  if (bytes.size() < sizeof head) return "row filter of the wrong size";
  std::memcpy(&head, bytes.data(), sizeof head);
  const std::uint64_t places = std::uint64_t{3} * head.block_length;
  if (head.block_length == 0 || bytes.size() - sizeof head != places * sizeof(std::uint16_t)) {
    return "row filter of the wrong size";
  }
  if (head.rows == 0 || head.rows > places) return "row filter with an impossible number of rows";
  return nullptr;
}

RowFilter::RowFilter(std::string_view bytes) {
  if (bytes.empty()) return;
  format::RowFilterHead head{};
  std::memcpy(&head, bytes.data(), sizeof head);
  seed_ = head.seed;
  rows_ = head.rows;
  block_length_ = head.block_length;
  fingerprints_ = {reinterpret_cast<const std::uint16_t*>(bytes.data() + sizeof head), std::size_t{3} * block_length_};
}

bool RowFilter::contains(std::uint64_t row_hash) const {
  if (!present()) return false;
  const Row where = locate(row_hash, seed_, block_length_);
  unsigned value = where.fingerprint;
  for (const std::uint32_t at : where.places) value ^= fingerprints_[at];
  return value == 0;
}

}  // namespace textlambda::model
