#include <cblas.h>

#include <stddef.h>

/// LAPACK's divide-and-conquer solver for symmetric matrices, which OpenBLAS contains but whose
/// header Debian ships apart. The last two arguments are Fortran's hidden string lengths.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info,
             size_t jobz_length, size_t uplo_length);

/// Takes one of the buffers that products are packed into, and gives it back; what was once taken stays
/// mapped. Not in OpenBLAS's headers, so absent from a library that hides them.
__attribute__((weak)) void *blas_memory_alloc(int purpose);
__attribute__((weak)) void blas_memory_free(void *buffer);

/// 1 if the library has the two.
static inline int openblas_has_memory_calls(void) {
    return blas_memory_alloc != NULL && blas_memory_free != NULL;
}
