// While one lives, libarchive takes and gives the calling thread's names in UTF-8, whatever the process's locale is.
#pragma once

#include <locale.h>

#include <cwchar>
#include <string>

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

  // Whether `text`, up to a NUL in it, is UTF-8.
  static bool is_utf8(const std::string& text) {
    const char* rest = text.c_str();
    std::mbstate_t state{};
    return std::mbsrtowcs(nullptr, &rest, 0, &state) != static_cast<std::size_t>(-1);
  }

 private:
  locale_t names_;
  locale_t before_ = nullptr;
};

}  // namespace textlambda::archive
