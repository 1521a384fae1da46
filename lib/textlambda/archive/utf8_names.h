// While it lives, libarchive takes and gives the calling thread's names in UTF-8, whatever the process's locale is.
#pragma once

#include <locale.h>

namespace textlambda::archive {

class Utf8Names {
 public:
  Utf8Names() : names_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (names_ != nullptr) before_ = ::uselocale(names_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
  ~Utf8Names() {
    if (names_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(names_);
  }

 private:
  locale_t names_;
  locale_t before_ = nullptr;
};

}  // namespace textlambda::archive
