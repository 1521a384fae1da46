// Includes, links and calls an installed textlambda: what a service written against it would do first.
#include <cstdio>
#include <string>

#include "textlambda/archive/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/mapped_file.h"
#include "textlambda/text/utf8.h"

int main() {
  namespace tl = textlambda;
  const std::string digest = tl::archive::sha256_hex("abc");
  std::string buffer;
  const bool repaired = tl::text::repair_utf8("caf\xE9", buffer).repaired;
  bool refused = false;
  try {
    tl::io::MappedFile::open("no such model.tlm");
  } catch (const tl::io::Error& error) {
    refused = error.kind() == tl::io::ErrorKind::input_output;
  }
  const bool works = digest.starts_with("ba7816bf") && repaired && refused;
  std::puts(works ? "the installed library works" : "the installed library does not work");
  return works ? 0 : 1;
}
