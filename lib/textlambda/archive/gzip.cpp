#include "textlambda/encoding/gzip.h"

#include "textlambda/archive/decompress.h"
#include "textlambda/io/error.h"

namespace textlambda::archive {

// By zlib itself: libarchive does not check a member's checksum, so a corrupt file would pass.
void decompress_gzip(std::string_view bytes, const std::string& file, std::uint64_t max_bytes, const Output& output) {
  const encoding::Gunzipped result = encoding::gunzip(bytes, max_bytes, output, encoding::Padding::ignored);
  if (result.too_large) throw_too_large(file, max_bytes);
  if (!result.error.empty()) io::throw_input("is " + result.error, file);
}

}  // namespace textlambda::archive
