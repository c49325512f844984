#ifndef CVECTORMATH_H
#define CVECTORMATH_H

/// Elementwise loops over float arrays, compiled once per instruction set.
/// The name of the instruction set that the loader chose, such as "x86-64-v4".
const char *vector_math_instruction_set(void);

#endif
