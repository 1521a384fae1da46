# What an installation holds: commands, the public headers, a static library a layer that they need, find_package(textlambda)
# and pkg-config.
include(CMakePackageConfigHelpers)

# What a program outside may include (docs/library.md); the headers that these include are installed with them, others
# are not. The layers they stand in are installed as static libraries, with the layers that those need.
set(TEXTLAMBDA_PUBLIC_HEADERS
  corpus/corpus.h
  corpus/memory_source.h
  io/atomic_file.h
  io/error.h
  io/executor.h
  lambda/handler.h
  metrics/evaluation.h
  model/classifier.h
  model/explanation.h
  train/trainer.h)

# textlambda_public_layers(RESULT): the layers of those headers and all that they need.
function(textlambda_public_layers RESULT)
  set(todo ${TEXTLAMBDA_PUBLIC_HEADERS})
  list(TRANSFORM todo REPLACE "/.*" "")
  set(layers)
  while(todo)
    list(POP_FRONT todo layer)
    if(NOT layer IN_LIST layers)
      list(APPEND layers ${layer})
      get_property(needed GLOBAL PROPERTY TEXTLAMBDA_LAYERS_OF_${layer})
      list(APPEND todo ${needed})
    endif()
  endwhile()
  list(SORT layers)
  set(${RESULT} ${layers} PARENT_SCOPE)
endfunction()

set(TEXTLAMBDA_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/textlambda)
textlambda_public_layers(public_layers)
list(TRANSFORM public_layers PREPEND textlambda_ OUTPUT_VARIABLE public_targets)

install(TARGETS ${public_targets} EXPORT textlambda-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT textlambda-targets NAMESPACE textlambda:: DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})
# Which headers those are is looked up while installing, so that it is never older than they are.
install(CODE "
  set(LIBRARY \"${PROJECT_SOURCE_DIR}/lib/textlambda\")
  set(HEADERS \"${TEXTLAMBDA_PUBLIC_HEADERS}\")
  set(DESTINATION \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/textlambda\")
  include(\"${PROJECT_SOURCE_DIR}/cmake/InstallHeaders.cmake\")")

# pkg-config, a file a layer: textlambda-model names textlambda-features, and so on.
set(PC_MODULE_utf8proc::utf8proc libutf8proc)
set(PC_MODULE_zlib::static zlib)
set(PC_MODULE_simdjson::simdjson simdjson)
set(PC_MODULE_fmt::fmt fmt)
set(PC_MODULE_LibArchive::LibArchive libarchive)
set(PC_MODULE_nettle::nettle nettle)
# From their folder, so that an installation may be moved.
file(RELATIVE_PATH PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PC_PREFIX ${PC_PREFIX})
foreach(layer IN LISTS public_layers)
  get_property(needed GLOBAL PROPERTY TEXTLAMBDA_LAYERS_OF_${layer})
  list(TRANSFORM needed PREPEND textlambda-)
  get_property(libraries GLOBAL PROPERTY TEXTLAMBDA_LIBRARIES_OF_${layer})
  set(PC_LIBRARIES "-ltextlambda_${layer}")
  foreach(library IN LISTS libraries)
    # As Debian names their files. Headers that only our sources include are nothing that a program links.
    if(library STREQUAL "Threads::Threads")
      string(APPEND PC_LIBRARIES " -pthread")
    elseif(DEFINED PC_MODULE_${library})
      list(APPEND needed ${PC_MODULE_${library}})
    elseif(NOT library MATCHES "^(Eigen3::Eigen|xxhash::xxhash|nlohmann_json::nlohmann_json|.<BUILD_INTERFACE:.*>)$")
      message(FATAL_ERROR "cmake/Install.cmake: ${library} of the layer ${layer} has no name for pkg-config")
    endif()
  endforeach()
  list(JOIN needed " " PC_REQUIRES)
  set(PC_LAYER ${layer})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/textlambda.pc.in ${PROJECT_BINARY_DIR}/textlambda-${layer}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/textlambda-${layer}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/textlambda-config.cmake.in ${PROJECT_BINARY_DIR}/textlambda-config.cmake
  INSTALL_DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/textlambda-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/textlambda-config.cmake
  ${PROJECT_BINARY_DIR}/textlambda-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/Dependencies.cmake
  DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})

foreach(command train evaluate predict inspect topics retrain models replay emulate package conform sagemaker)
  if(TARGET textlambda-${command})
    install(TARGETS textlambda-${command} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

# Not commands: textlambda-package and textlambda-conform look for them there.
foreach(program bootstrap bootstrap-s3 bootstrap-retrain conform-probe textlambda-mongodb)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/textlambda)
  endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/apps/conform/probe.mjs DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/textlambda)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
