# A man page a command, made from its --help-all by help2man where that is installed; completions for three shells.
find_program(HELP2MAN help2man)
set(TEXTLAMBDA_COMMANDS train evaluate predict inspect topics retrain models package replay conform)
if(TARGET textlambda-emulate)
  list(APPEND TEXTLAMBDA_COMMANDS emulate sagemaker)
endif()
if(HELP2MAN AND NOT TEXTLAMBDA_SANITIZE)
  foreach(command IN LISTS TEXTLAMBDA_COMMANDS)
    set(page ${PROJECT_BINARY_DIR}/man/textlambda-${command}.1)
    add_custom_command(OUTPUT ${page}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
      COMMAND ${HELP2MAN} --no-info --help-option=--help-all --locale=C.UTF-8 --output=${page} $<TARGET_FILE:textlambda-${command}>
      DEPENDS textlambda-${command} VERBATIM)
    list(APPEND TEXTLAMBDA_MAN_PAGES ${page})
  endforeach()
  add_custom_target(manuals ALL DEPENDS ${TEXTLAMBDA_MAN_PAGES})
  install(FILES ${TEXTLAMBDA_MAN_PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
  message(STATUS "no man pages: they need help2man and a build without sanitizers")
endif()

set(completions ${PROJECT_SOURCE_DIR}/apps/completions)
foreach(command IN LISTS TEXTLAMBDA_COMMANDS)
  # bash looks a completion up under the command's own name.
  install(FILES ${completions}/textlambda.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME textlambda-${command})
  install(FILES ${completions}/textlambda.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
          RENAME textlambda-${command}.fish)
endforeach()
install(FILES ${completions}/_textlambda DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
