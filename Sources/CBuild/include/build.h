#ifndef DPSCRIBE_BUILD_H
#define DPSCRIBE_BUILD_H

/// The commit that was built, or "" if whoever built it did not say.
const char *dpscribe_commit(void);

#endif
