# Debian's packages; scripts/setup installs them. A program that links the installed library is asked for what the
# layers it names are made of: TEXTLAMBDA_LIBRARY_ONLY leaves out what the commands alone use, TEXTLAMBDA_MODEL_ONLY
# what no layer below and including model does.
# The target TARGET for a static library that has no CMake package of its own. PREFIX_INCLUDE_DIR and PREFIX_LIBRARY say
# where it is, if not in the usual places.
function(textlambda_static_library TARGET PREFIX HEADER FILE)
  find_path(${PREFIX}_INCLUDE_DIR ${HEADER} REQUIRED)
  find_library(${PREFIX}_LIBRARY NAMES ${FILE} REQUIRED)
  if(NOT TARGET ${TARGET})
    add_library(${TARGET} STATIC IMPORTED)
    set_target_properties(${TARGET} PROPERTIES
      IMPORTED_LOCATION ${${PREFIX}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${${PREFIX}_INCLUDE_DIR}
      INTERFACE_COMPILE_DEFINITIONS "${ARGN}")
  endif()
endfunction()

find_package(Threads REQUIRED)
if(TEXTLAMBDA_BOOTSTRAP_ONLY)
  # Headers alone, which the toolchain file says the place of.
  foreach(library Eigen3::Eigen nlohmann_json::nlohmann_json Boost::headers fmt::fmt)
    add_library(${library} INTERFACE IMPORTED)
  endforeach()
else()
  find_package(Eigen3 3.4 REQUIRED NO_MODULE)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_LIBRARY_ONLY)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
endif()
if(NOT TEXTLAMBDA_MODEL_ONLY)
  # SHA-256 and HMAC.
  textlambda_static_library(nettle::nettle NETTLE nettle/sha2.h libnettle.a)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_MODEL_ONLY)
  find_package(nlohmann_json 3.11 REQUIRED)
  # std::format is not in g++ 12. A shared library, as spdlog is: compiled into each object they took longer than all
  # else there. Neither has a static one, so the static bootstrap does without.
  find_package(fmt REQUIRED)
  find_package(simdjson REQUIRED)
  find_package(LibArchive REQUIRED)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_LIBRARY_ONLY)
  # The commands link libarchive statically where that can be: with the shared one come libxml2 and ICU, which nothing
  # here uses and which cost every command a third of its start.
  find_library(LIBARCHIVE_STATIC_LIBRARY NAMES libarchive.a)
  set(LIBARCHIVE_NEEDS nettle::nettle)
  foreach(library z lzma bz2 zstd)
    find_library(LIBARCHIVE_STATIC_${library} NAMES lib${library}.a)
    if(NOT LIBARCHIVE_STATIC_${library})
      set(LIBARCHIVE_STATIC_LIBRARY)
    endif()
    list(APPEND LIBARCHIVE_NEEDS ${LIBARCHIVE_STATIC_${library}})
  endforeach()
  if(LIBARCHIVE_STATIC_LIBRARY)
    set_target_properties(LibArchive::LibArchive PROPERTIES
      IMPORTED_LOCATION ${LIBARCHIVE_STATIC_LIBRARY}
      INTERFACE_LINK_LIBRARIES "${LIBARCHIVE_NEEDS}"
      INTERFACE_LINK_OPTIONS -Wl,--gc-sections)  # so that the format that is made of libxml2 falls out
  endif()
  # TLS. Its shared libraries would cost every command a third of its start.
  set(OPENSSL_USE_STATIC_LIBS TRUE)
  find_package(OpenSSL REQUIRED)
  # Beast and Asio, header-only. The emulator is written in coroutines, which clang has for them from 15 on.
  find_package(Boost 1.74 REQUIRED)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -std=c++20)
  check_cxx_source_compiles("
    #include <utility>
    #include <boost/asio/awaitable.hpp>
    boost::asio::awaitable<void> nothing() { co_return; }
    int main() {}" TEXTLAMBDA_COROUTINES)
  unset(CMAKE_REQUIRED_FLAGS)
  if(NOT TEXTLAMBDA_COROUTINES)
    message(STATUS "the compiler has no coroutines that Boost.Asio knows: textlambda-emulate is left out")
  endif()
  # MongoDB, for textlambda-mongodb: a component that may be left out.
  find_package(mongoc-1.0 1.23 QUIET)
  set(TEXTLAMBDA_MONGODB ${mongoc-1.0_FOUND})
  if(NOT TEXTLAMBDA_MONGODB)
    message(STATUS "no libmongoc: mongodb:// names are left out")
  endif()
  # The emulator's file of functions; header-only.
  find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
endif()

if(NOT TEXTLAMBDA_LIBRARY_ONLY)
  # XML, as S3 answers: the static library, which its CMake package does not have.
  textlambda_static_library(pugixml::static PUGIXML pugixml.hpp libpugixml.a)
  # TLS of the functions that AWS starts: an eighth of what OpenSSL is, linked statically.
  textlambda_static_library(mbedtls::crypto MBEDCRYPTO mbedtls/version.h libmbedcrypto.a)
  textlambda_static_library(mbedtls::x509 MBEDX509 mbedtls/x509_crt.h libmbedx509.a)
  textlambda_static_library(mbedtls::mbedtls MBEDTLS mbedtls/ssl.h libmbedtls.a)
  set_target_properties(mbedtls::mbedtls PROPERTIES INTERFACE_LINK_LIBRARIES "mbedtls::x509;mbedtls::crypto")
endif()

# xxHash, header-only.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
if(NOT TARGET xxhash::xxhash)
  add_library(xxhash::xxhash INTERFACE IMPORTED)
  set_target_properties(xxhash::xxhash PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES ${XXHASH_INCLUDE_DIR}
    INTERFACE_COMPILE_DEFINITIONS XXH_INLINE_ALL)
endif()

# utf8proc has no CMake package in Debian; its static library serves the static bootstrap too.
textlambda_static_library(utf8proc::utf8proc UTF8PROC utf8proc.h libutf8proc.a UTF8PROC_STATIC)

# Chart.js, inlined into HTML reports. Not asked of whoever uses the installed library.
if(NOT TEXTLAMBDA_LIBRARY_ONLY AND NOT TEXTLAMBDA_BOOTSTRAP_ONLY)
  find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js REQUIRED)
endif()

# zlib's static library, for the layers that the static bootstrap links.
if(NOT TEXTLAMBDA_MODEL_ONLY)
  textlambda_static_library(zlib::static ZLIB_STATIC zlib.h libz.a)
endif()
