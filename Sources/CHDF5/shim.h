#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>

// hdf5.h gives its types, property classes and flags as macros that first open the library, which
// Swift cannot import. These functions give their values.

static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_defaults(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_whole_space(void) { return H5S_ALL; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }

/// Silences the library's own printing and forbids filter plugins from being loaded.
static inline void chdf5_prepare(void) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
}

/// The kind of the object behind an open handle, H5O_TYPE_*, or -1.
///
/// *references: how many hard links lead to it. *attributes: how many it has.
static inline int chdf5_object(hid_t object, unsigned *references, hsize_t *attributes) {
#if H5_VERSION_GE(1, 12, 0)
    H5O_info2_t info;
    if (H5Oget_info3(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS) < 0) return -1;
#else
    H5O_info_t info;
    if (H5Oget_info2(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS) < 0) return -1;
#endif
    *references = info.rc;
    *attributes = info.num_attrs;
    return info.type;
}

/// The kind of the link at `index`, by name, in a group: H5L_TYPE_*, or -1.
static inline int chdf5_link_kind(hid_t group, hsize_t index) {
#if H5_VERSION_GE(1, 12, 0)
    H5L_info2_t info;
    herr_t status = H5Lget_info_by_idx2(
        group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &info, H5P_DEFAULT);
#else
    H5L_info_t info;
    herr_t status = H5Lget_info_by_idx(
        group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &info, H5P_DEFAULT);
#endif
    return status < 0 ? -1 : (int)info.type;
}

#endif
