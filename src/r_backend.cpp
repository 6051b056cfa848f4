#include <Rcpp.h>

#include <string>

#include "model/backend.h"

// [[Rcpp::export(rng = false)]]
void cpp_backend_open(std::string path) { musl::open_backend(path); }

// "" if none is open.
// [[Rcpp::export(rng = false)]]
std::string cpp_backend_path() {
  return musl::has_backend() ? musl::backend_path() : "";
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_device_info() {
  const auto info = musl::backend().device_info();
  return Rcpp::List::create(
      Rcpp::Named("libtorch") = info.libtorch_version,
      Rcpp::Named("cuda_built") = info.cuda_built,
      Rcpp::Named("cuda_devices") = info.cuda_devices,
      Rcpp::Named("products") = info.products,
      Rcpp::Named("auto") = musl::backend().resolve_device("auto"));
}

// [[Rcpp::export(rng = false)]]
std::string cpp_resolve_device(std::string name) {
  return musl::backend().resolve_device(name);
}
