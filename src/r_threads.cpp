#include <Rcpp.h>

#include "base/os.h"

// [[Rcpp::export(rng = false)]]
int cpp_available_threads() { return musl::available_threads(); }
