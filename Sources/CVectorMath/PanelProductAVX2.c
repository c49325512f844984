#if defined(__x86_64__)

// 12 of the 16 registers hold sums, three a row of b, and one an element of a.
#define LANES 8
#define ROWS 4
// 0.4 MB of 0.5 MB, as AMD's processors without AVX-512 have it.
#define CACHED 512
#include "PanelBlocking.h"

const struct panel_kernel panel_kernel_avx2 = PANEL_KERNEL;

#pragma clang attribute pop

#endif
