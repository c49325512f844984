#include <cblas.h>

#include <stddef.h>

/// LAPACK's divide-and-conquer solver for symmetric matrices, which OpenBLAS contains but whose
/// header Debian ships apart. The last two arguments are Fortran's hidden string lengths.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info,
             size_t jobz_length, size_t uplo_length);
