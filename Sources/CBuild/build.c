#include "build.h"

const char *dpscribe_commit(void) { return DPSCRIBE_COMMIT; }
