#include <Rcpp.h>

#include "base/parallel.h"

// [[Rcpp::export(rng = false)]]
int cpp_available_threads() { return musl::available_threads(); }
