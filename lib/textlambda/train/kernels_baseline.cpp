#define TEXTLAMBDA_KERNELS baseline
#include "textlambda/train/kernels.inc"
