#include "model/backend_stamp.h"

namespace musl {

const char* backend_stamp() { return MUSL_BACKEND_STAMP; }

}  // namespace musl
