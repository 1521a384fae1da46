// A sample of texts in bounded memory: of all different ones those whose hashes are smallest, so that it depends on
// neither their order nor how often each came. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace textlambda::traffic {

class TextSample {
 public:
  // At most so many texts and bytes.
  explicit TextSample(std::size_t most_texts, std::size_t most_bytes = std::size_t{256} << 20)
      : most_texts_(most_texts), most_bytes_(most_bytes) {}

  // Valid UTF-8; blank ones are no texts.
  void add(std::string_view text);

  std::uint64_t seen() const { return seen_; }  // all that were added, repeats too
  std::size_t size() const { return kept_.size(); }
  bool is_whole() const { return !dropped_; }  // every different text is in it

  // In the order of their hashes; leaves it empty.
  std::vector<std::string> take();

 private:
  std::size_t most_texts_;
  std::size_t most_bytes_;
  std::map<std::uint64_t, std::string> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t seen_ = 0;
  bool dropped_ = false;
};

}  // namespace textlambda::traffic
