#include <Rcpp.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#endif

// In a forked process: it dies with the one of id `parent`, and at once where
// that is no more. Elsewhere than on Linux it stays until its work is done.
// [[Rcpp::export(rng = false)]]
void cpp_die_with(int parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before it was asked for.
  if (getppid() != parent) raise(SIGKILL);
#else
  (void)parent;
#endif
}
