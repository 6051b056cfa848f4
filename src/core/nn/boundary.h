#pragma once

// Where LibTorch's world ends: its exceptions become ours, its threads one.

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "musl/error.h"

namespace musl::nn {

/// Did the host or the device run out of memory?
[[nodiscard]] bool is_out_of_memory(const std::exception& error);

/// Rethrows an exception of LibTorch or the standard library as one of ours,
/// without LibTorch's stack trace.
[[noreturn]] void rethrow_as_ours(const std::string& doing,
                                  const std::exception& error);

/// Calls `body`; every public function of core/nn runs inside one of these.
///
/// doing  what fails when something fails, for the message: "Training"
template <typename Body>
auto at_boundary(const std::string& doing, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    rethrow_as_ours(doing, error);
  }
}

/// Sets LibTorch's intra-op threads of the calling thread to 1. OpenMP keeps
/// the number per thread, so that a guard on the main thread does not reach the
/// threads of parallel_for: each item of work calls this first.
void use_one_thread();

}  // namespace musl::nn
