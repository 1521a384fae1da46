# Debian's packages; scripts/setup installs them. A program that links the installed library is asked for what the
# layers it names are made of: TEXTLAMBDA_LIBRARY_ONLY leaves out what the commands alone use, TEXTLAMBDA_MODEL_ONLY
# what no layer below and including model does.
find_package(Threads REQUIRED)
if(TEXTLAMBDA_BOOTSTRAP_ONLY)
  # Headers alone, which the toolchain file says the place of.
  foreach(library Eigen3::Eigen nlohmann_json::nlohmann_json Boost::headers)
    add_library(${library} INTERFACE IMPORTED)
  endforeach()
else()
  find_package(Eigen3 3.4 REQUIRED NO_MODULE)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_LIBRARY_ONLY)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_MODEL_ONLY)
  find_package(nlohmann_json 3.11 REQUIRED)
  # std::format is not in g++ 12. A shared library, as spdlog is: compiled into each object they took longer than all
  # else there. Neither has a static one, so the static bootstrap does without.
  find_package(fmt REQUIRED)
  find_package(simdjson REQUIRED)
  find_package(OpenSSL REQUIRED)
  find_package(LibArchive REQUIRED)
endif()
if(NOT TEXTLAMBDA_BOOTSTRAP_ONLY AND NOT TEXTLAMBDA_LIBRARY_ONLY)
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
find_path(UTF8PROC_INCLUDE_DIR utf8proc.h REQUIRED)
find_library(UTF8PROC_LIBRARY NAMES libutf8proc.a REQUIRED)
if(NOT TARGET utf8proc::utf8proc)
  add_library(utf8proc::utf8proc STATIC IMPORTED)
  set_target_properties(utf8proc::utf8proc PROPERTIES
    IMPORTED_LOCATION ${UTF8PROC_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${UTF8PROC_INCLUDE_DIR}
    INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
endif()

# Chart.js, inlined into HTML reports. Not asked of whoever uses the installed library.
if(NOT TEXTLAMBDA_LIBRARY_ONLY AND NOT TEXTLAMBDA_BOOTSTRAP_ONLY)
  find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js REQUIRED)
endif()

# zlib's static library, for the layers that the static bootstrap links.
if(NOT TEXTLAMBDA_MODEL_ONLY)
  find_path(ZLIB_STATIC_INCLUDE_DIR zlib.h REQUIRED)
  find_library(ZLIB_STATIC_LIBRARY NAMES libz.a REQUIRED)
  if(NOT TARGET zlib::static)
    add_library(zlib::static STATIC IMPORTED)
    set_target_properties(zlib::static PROPERTIES
      IMPORTED_LOCATION ${ZLIB_STATIC_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${ZLIB_STATIC_INCLUDE_DIR})
  endif()
endif()
