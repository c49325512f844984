#include "PanelKernel.h"

static const struct panel_kernel *kernel(enum vector_math_level level) {
#if defined(__x86_64__)
    switch (level) {
    case vector_math_v4: return &panel_kernel_avx512;
    case vector_math_v3: return &panel_kernel_avx2;
    default: return &panel_kernel_portable;
    }
#else
    (void)level;
    return &panel_kernel_portable;
#endif
}

size_t vector_math_panel_product_scratch(enum vector_math_level level) {
    return kernel(level)->scratch;
}

void vector_math_panel_product(
    const struct vector_math_panel_product *p, enum vector_math_level level, float *scratch) {
    kernel(level)->multiply(p, scratch);
}
