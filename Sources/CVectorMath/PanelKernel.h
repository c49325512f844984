#ifndef PANELKERNEL_H
#define PANELKERNEL_H

#include "include/PanelProduct.h"

/// The products by panels, compiled for one instruction set.
struct panel_kernel {
    void (*multiply)(const struct vector_math_panel_product *p, float *scratch);
    /// How many floats of scratch memory a product needs.
    size_t scratch;
};

extern const struct panel_kernel panel_kernel_avx512, panel_kernel_avx2, panel_kernel_portable;

#endif
