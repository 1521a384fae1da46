// Only where the processor family has it; kernels.cpp asks the processor before it calls in here.
#if defined(__x86_64__)
#define TEXTLAMBDA_KERNELS avx2
#include "textlambda/train/fit/kernels.inc"
#endif
