#include "tests/source_folder.h"

std::string in_source_folder(const std::string& relative) {
  return relative.empty() ? std::string(TEXTLAMBDA_SOURCE_DIR) : std::string(TEXTLAMBDA_SOURCE_DIR) + "/" + relative;
}
