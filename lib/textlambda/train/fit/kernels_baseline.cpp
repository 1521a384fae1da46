#define TEXTLAMBDA_KERNELS baseline
#include "textlambda/train/fit/kernels.inc"
