#include <Rcpp.h>

#include <string>

#include "musl/backend.h"

// [[Rcpp::export(rng = false)]]
void cpp_backend_open(std::string path) { musl::open_backend(path); }

// "" if none is open.
// [[Rcpp::export(rng = false)]]
std::string cpp_backend_path() {
  return musl::has_backend() ? musl::backend_path() : "";
}
