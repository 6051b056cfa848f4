#pragma once

// Where LibTorch ends: its exceptions become ours.

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

}  // namespace musl::nn
