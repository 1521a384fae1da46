# Flags of every target here, kept out of what an installed package exports.
add_library(textlambda_compile_options INTERFACE)
target_compile_options(textlambda_compile_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wswitch-enum -Werror
  # g++ 12 sees overlaps in std::string that are not there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # The same input must give the same bytes on every processor: no silent fused multiply-add.
  -ffp-contract=off
  # So that the linker leaves out of bootstrap each function it does not call, not only whole files.
  $<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)

# Lambda's processor is not the laptop's: a baseline every x86-64 server of the last decade has.
# Wider vectors are chosen at run time (train/fit/kernels.h).
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(textlambda_compile_options INTERFACE -march=x86-64-v2)
endif()

# textlambda_build_quickly(TARGET): optimised a little, since building it takes longer than it ever runs; with a sanitizer,
# not at all.
function(textlambda_build_quickly TARGET)
  target_compile_options(${TARGET} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(TEXTLAMBDA_SANITIZE)
    target_compile_options(${TARGET} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0>)
  endif()
endfunction()

if(TEXTLAMBDA_FUZZ)
  target_compile_options(textlambda_compile_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TEXTLAMBDA_SANITIZE)
  target_compile_options(textlambda_compile_options INTERFACE
    -fsanitize=${TEXTLAMBDA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(textlambda_compile_options INTERFACE -fsanitize=${TEXTLAMBDA_SANITIZE})
  # At a fixed address: what the sanitizers know of each global and each check would be a million relocations, which
  # take most of the time of a command that is started a thousand times by the tests.
  if(TEXTLAMBDA_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_link_options(textlambda_compile_options INTERFACE -no-pie)
  endif()
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
