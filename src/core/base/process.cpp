#include "musl/process.h"

#ifdef __linux__
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#endif

namespace musl {

void die_with(int parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before this request.
  if (getppid() != parent) raise(SIGKILL);
#else
  (void)parent;
#endif
}

}  // namespace musl
