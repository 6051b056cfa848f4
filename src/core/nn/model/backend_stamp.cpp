#include "model/backend_stamp.h"

extern "C" {

/// Read from the file, and never called.
// NOLINTNEXTLINE(readability-identifier-naming): a C name
extern const char musl_backend_stamp[];
const char musl_backend_stamp[] = MUSL_BACKEND_MARK MUSL_BACKEND_STAMP;

}  // extern "C"
