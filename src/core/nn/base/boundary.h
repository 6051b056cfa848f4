#pragma once

// The boundary of LibTorch: its exceptions become those of the core.

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "musl/error.h"

namespace musl::nn {

/// Whether the host or the device ran out of memory.
[[nodiscard]] bool is_out_of_memory(const std::exception& error);

/// Rethrows an exception of LibTorch or the standard library as one of the
/// core, without LibTorch's stack trace.
[[noreturn]] void rethrow_as_ours(const std::string& doing,
                                  const std::exception& error);

/// After a fork: the child has none of LibTorch's worker threads and would wait
/// for them forever, so it works on one. Not a handler of the fork, in which
/// OpenMP hangs on some systems.
void settle_in_process();

/// Calls `body`; every public function of core/nn runs inside one of these.
///
/// doing  the activity that failed, for the message: "Training"
template <typename Body>
auto at_boundary(const std::string& doing, Body&& body) {
  try {
    settle_in_process();
    return std::forward<Body>(body)();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    rethrow_as_ours(doing, error);
  }
}

}  // namespace musl::nn
