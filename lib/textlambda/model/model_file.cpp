#include "textlambda/model/model_file.h"

#include <utility>

namespace textlambda::model {

ModelFile::ModelFile(io::MappedFile file, std::string_view bytes, const Container& container)
    : Profile(container), file_(std::move(file)), bytes_(bytes), kind_(open_kind(container, *this)) {}

ModelFile ModelFile::open(const std::string& path) {
  io::MappedFile file = io::MappedFile::open(path, io::MappedFile::Access::resident);
  const std::string_view bytes = file.view();
  return {std::move(file), bytes, Container(bytes, path)};
}

ModelFile ModelFile::view(std::string_view bytes, const std::string& name) {
  return {io::MappedFile(), bytes, Container(bytes, name)};
}

}  // namespace textlambda::model
