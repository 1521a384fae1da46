// How far a training is.
#pragma once

#include <functional>

namespace textlambda::train {

enum class Stage { read, fit };

// Called with the share of a stage that is done, from any thread but never from two at once. May be empty.
using Progress = std::function<void(Stage stage, double share)>;

}  // namespace textlambda::train
