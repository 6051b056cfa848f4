#include "musl/process.h"

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace musl {

void return_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace musl
