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

/// Calls `body`; every public function of core/nn runs inside one of these.
///
/// doing  the activity that failed, for the message: "Training"
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

}  // namespace musl::nn
