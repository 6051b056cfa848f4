#include <Rcpp.h>

#include "musl/process.h"

// [[Rcpp::export(rng = false)]]
void cpp_die_with(int parent) { musl::die_with(parent); }
