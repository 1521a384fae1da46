# Layers whose speed nobody waits for; half the optimising is half the time to build them.
set(TEXTLAMBDA_COLD_LAYERS report package drift gate conform aws store retrain loop sagemaker mongodb)

# textlambda_layer(NAME io SOURCES a.cpp b.cpp [LAYERS text] [LIBRARIES Threads::Threads] [PRIVATE_LIBRARIES ...])
#
# A folder of lib/textlambda is a layer: a static library textlambda_NAME, alias textlambda::NAME. LAYERS are the
# folders it may include (and what those include); tests/architecture checks every #include against them.
function(textlambda_layer)
  cmake_parse_arguments(LAYER "" "NAME" "SOURCES;LAYERS;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  add_library(textlambda_${LAYER_NAME} STATIC ${LAYER_SOURCES})
  add_library(textlambda::${LAYER_NAME} ALIAS textlambda_${LAYER_NAME})
  set_target_properties(textlambda_${LAYER_NAME} PROPERTIES EXPORT_NAME ${LAYER_NAME})
  target_include_directories(textlambda_${LAYER_NAME} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # cmake/Install.cmake reads them.
  set_property(GLOBAL PROPERTY TEXTLAMBDA_LAYERS_OF_${LAYER_NAME} ${LAYER_LAYERS})
  set_property(GLOBAL PROPERTY TEXTLAMBDA_LIBRARIES_OF_${LAYER_NAME} ${LAYER_LIBRARIES} ${LAYER_PRIVATE_LIBRARIES})
  list(TRANSFORM LAYER_LAYERS PREPEND textlambda::)
  target_link_libraries(textlambda_${LAYER_NAME}
    PUBLIC ${LAYER_LAYERS} ${LAYER_LIBRARIES}
    PRIVATE $<BUILD_INTERFACE:textlambda_compile_options> ${LAYER_PRIVATE_LIBRARIES})
  if(LAYER_NAME IN_LIST TEXTLAMBDA_COLD_LAYERS)
    textlambda_build_quickly(textlambda_${LAYER_NAME})
  endif()
endfunction()
