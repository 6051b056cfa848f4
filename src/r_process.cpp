#include <Rcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "base/os.h"
#include "io/file.h"
#include "r_convert.h"

// [[Rcpp::export(rng = false)]]
void cpp_return_memory() { musl::return_memory(); }

// The lock, or NULL if another process has it.
// [[Rcpp::export(rng = false)]]
SEXP cpp_lock(std::string path) {
  auto lock = std::make_unique<musl::LockFile>(path);
  if (!lock->is_ours()) return R_NilValue;
  return musl_r::hand_over(std::move(lock));
}

// [[Rcpp::export(rng = false)]]
void cpp_unlock(SEXP lock) { Rcpp::XPtr<musl::LockFile>(lock).release(); }
