#include "textlambda/traffic/text_sample.h"

#include <iterator>
#include <utility>

#include "textlambda/features/row_hash.h"
#include "textlambda/text/blank.h"

namespace textlambda::traffic {

void TextSample::add(std::string_view text) {
  if (text::is_blank(text)) return;
  ++seen_;
  const std::uint64_t hash = features::row_hash(text);
  const bool full = kept_.size() >= most_texts_ || bytes_ >= most_bytes_;
  if (full && !kept_.empty() && hash > kept_.rbegin()->first) {
    dropped_ = true;
    return;
  }
  if (!kept_.try_emplace(hash, text).second) return;
  bytes_ += text.size();
  while (kept_.size() > most_texts_ || (bytes_ > most_bytes_ && kept_.size() > 1)) {
    const auto largest = std::prev(kept_.end());
    bytes_ -= largest->second.size();
    kept_.erase(largest);
    dropped_ = true;
  }
}

std::vector<std::string> TextSample::take() {
  std::vector<std::string> texts;
  texts.reserve(kept_.size());
  for (auto& [hash, text] : kept_) texts.push_back(std::move(text));
  kept_.clear();
  bytes_ = 0;
  return texts;
}

}  // namespace textlambda::traffic
