#include <Rcpp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "musl/lock_file.h"
#include "musl/process.h"
#include "r_convert.h"

// [[Rcpp::export(rng = false)]]
void cpp_die_with(int parent) { musl::die_with(parent); }

// [[Rcpp::export(rng = false)]]
int cpp_fork() { return musl::fork_process(); }

// [[Rcpp::export(rng = false)]]
bool cpp_has_ended(int process) { return musl::has_ended(process); }

// [[Rcpp::export(rng = false)]]
void cpp_return_memory() { musl::return_memory(); }

// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_open_pipe() {
  const auto pipe = musl::open_pipe();
  return Rcpp::IntegerVector::create(Rcpp::Named("receive") = pipe.receive,
                                     Rcpp::Named("send") = pipe.send);
}

// [[Rcpp::export(rng = false)]]
void cpp_close_end(int end) { musl::close_end(end); }

// [[Rcpp::export(rng = false)]]
void cpp_send(int end, const Rcpp::RawVector& bytes) {
  musl::send_bytes(end, bytes.begin(), static_cast<std::size_t>(bytes.size()));
}

// What arrives within `wait` milliseconds; NULL if no more can arrive.
// [[Rcpp::export(rng = false)]]
SEXP cpp_receive(int end, int wait) {
  std::vector<std::uint8_t> bytes;
  if (!musl::receive_bytes(end, wait, &bytes)) return R_NilValue;
  return Rcpp::RawVector(bytes.begin(), bytes.end());
}

// The lock, or NULL if another process has it.
// [[Rcpp::export(rng = false)]]
SEXP cpp_lock(std::string path) {
  auto lock = std::make_unique<musl::LockFile>(path);
  if (!lock->is_ours()) return R_NilValue;
  return musl_r::hand_over(std::move(lock));
}

// [[Rcpp::export(rng = false)]]
void cpp_unlock(SEXP lock) { Rcpp::XPtr<musl::LockFile>(lock).release(); }
