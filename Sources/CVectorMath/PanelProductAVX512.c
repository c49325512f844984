#if defined(__x86_64__)

// 24 of the 32 registers hold sums.
#define LANES 16
#define ROWS 8
// 0.8 MB of 1 MB or more.
#define CACHED 1024
#include "PanelBlocking.h"

const struct panel_kernel panel_kernel_avx512 = PANEL_KERNEL;

#pragma clang attribute pop

#endif
