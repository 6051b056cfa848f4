// For a program that has the backend linked in (the C++ tests, bench/core).
#include "model/backend.h"

extern "C" const musl::Backend* musl_backend();

namespace {

[[maybe_unused]] const bool linked = [] {
  musl::use_backend(*musl_backend());
  return true;
}();

}  // namespace
