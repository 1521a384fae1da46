#include "textlambda/train/term_store.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace textlambda::train {
namespace {

// Of these, huge pages: with little ones a training waits as long for the system to find them as for its own work.
constexpr std::size_t kSlab = std::size_t{4} << 20;
constexpr std::size_t kAlignment = alignof(std::uint32_t);

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

void TermStore::free_memory() {
  for (const auto& slab : slabs_) plan_->give_back(slab.size());
  slabs_.clear();
}

std::byte* TermStore::allocate(std::size_t bytes) {
  bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!slabs_.empty() && slabs_.back().size() - used_ >= bytes) {
    std::byte* const place = slabs_.back().data() + used_;
    used_ += bytes;
    return place;
  }
  const std::size_t size = std::max(bytes, kSlab);
  if (!plan_->take(size)) return nullptr;
  try {
    slabs_.emplace_back(size);
  } catch (const std::bad_alloc&) {
    // The system has less than it seemed.
    plan_->give_back(size);
    if (!plan_->is_limited()) throw;
    return nullptr;
  }
  used_ = bytes;
  return slabs_.back().data();
}

io::ScratchFile& TermStore::file() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!file_) file_.emplace("counted n-grams");
  return *file_;
}

StoredTerms::StoredTerms(std::shared_ptr<TermStore> store, std::span<const std::uint32_t> terms,
                         std::span<const std::uint8_t> counts)
    : store_(std::move(store)), room_(terms.size()), size_(terms.size()) {
  if (size_ == 0) return;
  memory_ = store_->allocate(terms.size_bytes() + counts.size_bytes());
  if (memory_ != nullptr) {
    std::memcpy(this->terms(), terms.data(), terms.size_bytes());
    std::memcpy(this->counts(), counts.data(), counts.size_bytes());
    return;
  }
  append_to_file(terms, counts);
}

void StoredTerms::append_to_file(std::span<const std::uint32_t> terms, std::span<const std::uint8_t> counts) {
  // In one piece, since others write too.
  std::string both(bytes_of(terms));
  both += bytes_of(counts);
  offset_ = store_->file().append(both);
}

void StoredTerms::move_to_file() {
  if (size_ == 0 || memory_ == nullptr) return;
  append_to_file({terms(), size_}, {counts(), size_});
  memory_ = nullptr;
  room_ = size_;
}

void StoredTerms::read(UnfilledVector<std::uint32_t>& terms, UnfilledVector<std::uint8_t>& counts) const {
  terms.resize(size_);
  counts.resize(size_);
  store_->file().read(offset_, terms.data(), size_ * sizeof(std::uint32_t));
  store_->file().read(offset_ + room_ * sizeof(std::uint32_t), counts.data(), size_);
}

void StoredTerms::replace(std::span<const std::uint32_t> terms, std::span<const std::uint8_t> counts) {
  store_->file().write(offset_, bytes_of(terms));
  store_->file().write(offset_ + room_ * sizeof(std::uint32_t), bytes_of(counts));
  size_ = terms.size();
}

}  // namespace textlambda::train
