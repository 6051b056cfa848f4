#include <Rcpp.h>

#include <string>

#include "musl/device.h"

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_device_info() {
  const auto info = musl::device_info();
  return Rcpp::List::create(Rcpp::Named("libtorch") = info.libtorch_version,
                            Rcpp::Named("cuda_built") = info.cuda_built,
                            Rcpp::Named("cuda_devices") = info.cuda_devices,
                            Rcpp::Named("threads") = info.threads,
                            Rcpp::Named("blas") = info.blas,
                            Rcpp::Named("products") = info.products);
}

// [[Rcpp::export(rng = false)]]
std::string cpp_resolve_device(std::string name) {
  return musl::resolve_device(name);
}
