// Whether a token is a number as JSON spells it (RFC 8259, section 6): nothing is converted, which would lose the
// spelling.
#pragma once

#include <string_view>

namespace textlambda::corpus {

bool is_json_number(std::string_view token);

}  // namespace textlambda::corpus
