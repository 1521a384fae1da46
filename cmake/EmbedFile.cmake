# Writes OUTPUT, a C++ source with the bytes of FILE: what Embed.cmake runs while building.
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace ${NAMESPACE} {\n\nstatic const char ${NAME}Bytes[] = {${bytes}};\n"
                     "extern const std::string_view ${NAME};\nconst std::string_view ${NAME}(${NAME}Bytes, sizeof ${NAME}Bytes);\n\n}\n")
