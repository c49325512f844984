// For every other processor: SSE2 on x86, NEON on ARM.
#define LANES 4
#define ROWS 4
#define CACHED 512
#include "PanelBlocking.h"

const struct panel_kernel panel_kernel_portable = PANEL_KERNEL;
