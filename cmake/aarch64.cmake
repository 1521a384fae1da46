# Debian's cross compiler, for scripts/build-arm64: the C and C++ libraries come with it, the other static libraries
# from build/arm64-sysroot, headers without a library from this system.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_STRIP aarch64-linux-gnu-strip)

get_filename_component(arm64_sysroot ${CMAKE_CURRENT_LIST_DIR}/../build/arm64-sysroot/usr ABSOLUTE)
list(PREPEND CMAKE_LIBRARY_PATH ${arm64_sysroot}/lib/aarch64-linux-gnu)
list(PREPEND CMAKE_INCLUDE_PATH ${arm64_sysroot}/include)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
# Not /usr/include itself: its C library is this system's.
set(CMAKE_CXX_FLAGS_INIT "-isystem ${arm64_sysroot}/include -isystem ${arm64_sysroot}/include/aarch64-linux-gnu")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
