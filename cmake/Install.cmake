# What an installation holds: commands, headers, a static library a layer, and find_package(textlambda).
include(CMakePackageConfigHelpers)

set(TEXTLAMBDA_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/textlambda)
get_property(TEXTLAMBDA_LAYERS GLOBAL PROPERTY TEXTLAMBDA_LAYERS)

install(TARGETS ${TEXTLAMBDA_LAYERS} EXPORT textlambda-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lib/textlambda DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(EXPORT textlambda-targets NAMESPACE textlambda:: DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/textlambda-config.cmake.in ${PROJECT_BINARY_DIR}/textlambda-config.cmake
  INSTALL_DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/textlambda-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/textlambda-config.cmake
  ${PROJECT_BINARY_DIR}/textlambda-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/Dependencies.cmake
  DESTINATION ${TEXTLAMBDA_PACKAGE_DIR})

foreach(command train evaluate predict inspect replay emulate package)
  if(TARGET textlambda-${command})
    install(TARGETS textlambda-${command} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

# Not a command: textlambda-package looks for it there.
if(TARGET bootstrap)
  install(TARGETS bootstrap RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/textlambda)
endif()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
