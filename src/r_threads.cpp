#include <Rcpp.h>

#include "musl/parallel.h"

// [[Rcpp::export(rng = false)]]
int cpp_available_threads() { return musl::available_threads(); }
