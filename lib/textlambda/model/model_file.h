// A model file, mapped and verified. Reading it is mapping it: nothing is parsed or copied, however large the model.
// All views live as long as the object. Movable; a const ModelFile may be shared between threads.
#pragma once

#include <string>
#include <string_view>

#include "textlambda/io/mapped_file.h"
#include "textlambda/model/container.h"
#include "textlambda/model/kinds.h"
#include "textlambda/model/profile.h"

namespace textlambda::model {

// What the model says of itself is asked of the file as of a Profile.
class ModelFile : public Profile {
 public:
  // Maps and verifies `path`. Any flipped bit, truncation, or size that is not true throws Error(input_output) naming
  // the file and what is wrong. Nothing in a file that passes can make a later call read outside it.
  static ModelFile open(const std::string& path);
  // The same over bytes in memory, 64-byte aligned, which have to outlive the object; `name` is for messages.
  static ModelFile view(std::string_view bytes, const std::string& name);

  // The model itself, one of the kinds there are.
  const Kind& kind() const { return kind_; }

  std::string_view bytes() const { return bytes_; }
  // 16 hexadecimal digits of a hash over all content: tells two models apart, not a signature.
  std::string id() const { return content_id(bytes_); }

 private:
  ModelFile(io::MappedFile file, std::string_view bytes, const Container& container);

  io::MappedFile file_;
  std::string_view bytes_;
  Kind kind_;
};

}  // namespace textlambda::model
