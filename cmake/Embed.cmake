# textlambda_embed(TARGET NAMESPACE NAME FILE): compiles FILE's bytes into TARGET as
# `extern const std::string_view NAMESPACE::NAME`, declared by whoever uses it. Made anew when FILE changes.
function(textlambda_embed TARGET NAMESPACE NAME FILE)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${NAME}.cpp)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${FILE} -DNAMESPACE=${NAMESPACE} -DNAME=${NAME} -DOUTPUT=${source}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${FILE} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake VERBATIM)
  target_sources(${TARGET} PRIVATE ${source})
endfunction()
