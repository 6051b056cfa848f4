// What R calls of the library that refuses allocations (LD_PRELOAD): by .C(),
// so all is passed by address. longtests/testthat/test-short-memory.R
#include <unistd.h>

#include <csignal>
#include <exception>
#include <fstream>
#include <string>

#include "../failing_memory.h"
#include "../nn/stack_names.h"

namespace {

using namespace musl::test;

std::string& path_of_ends() {
  static std::string path;
  return path;
}

[[noreturn]] void tell(const std::string& function) {
  stop_counting();
  std::ofstream(path_of_ends())
      << (is_of_others(function) ? "others: " : "ours: ") << function << "\n";
  ::_exit(3);
}

[[noreturn]] void tell_of_terminate() {
  stop_counting();
  const std::string function = function_that_must_not_throw();
  tell(function.empty() ? innermost_function() : function);
}

[[noreturn]] void tell_of_signal(int) {
  stop_counting();
  tell(innermost_function());
}

}  // namespace

extern "C" {

/// In which function this process ends, if it does, is written to `path`.
void musl_tell_end(char** path) {
  path_of_ends() = *path;
  std::set_terminate(tell_of_terminate);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) {
    std::signal(signal, tell_of_signal);
  }
}

/// The k-th allocation from now on is refused; 0: none.
void musl_refuse(double* k) {
  start_counting(static_cast<std::int64_t>(*k), Shortage::one);
}

void musl_refuse_no_more(double* n_allocations) {
  *n_allocations = static_cast<double>(stop_counting());
}

}  // extern "C"
