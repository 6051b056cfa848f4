#pragma once

#include <stdexcept>
#include <string>

#if defined(__FAST_MATH__) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "MuSL needs NaN: compile it without -ffast-math and -Ofast"
#endif

namespace musl {

/// Base class of the core's exceptions. The glue turns each subclass into the R
/// condition of the same name (`InputError` -> `musl_error_input`).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  /// Class suffix in R: "input", "gene", ...
  [[nodiscard]] virtual const char* kind() const noexcept { return "internal"; }
};

// NOLINTBEGIN(bugprone-macro-parentheses): a class has no parentheses.
#define MUSL_DEFINE_ERROR(Name, suffix)                        \
  class Name : public Error {                                  \
   public:                                                     \
    using Error::Error;                                        \
    [[nodiscard]] const char* kind() const noexcept override { \
      return suffix;                                           \
    }                                                          \
  }
// NOLINTEND(bugprone-macro-parentheses)

MUSL_DEFINE_ERROR(InputError, "input");          // a value out of its range
MUSL_DEFINE_ERROR(GeneError, "gene");            // an unknown gene
MUSL_DEFINE_ERROR(ShapeError, "shape");          // sizes that do not match
MUSL_DEFINE_ERROR(LeakageError, "leakage");      // a split that leaks
MUSL_DEFINE_ERROR(DeviceError, "device");        // no such device, or memory
MUSL_DEFINE_ERROR(BackendError, "backend");      // LibTorch is unavailable
MUSL_DEFINE_ERROR(DivergedError, "diverged");    // loss is not finite
MUSL_DEFINE_ERROR(CancelledError, "cancelled");  // the user interrupted
MUSL_DEFINE_ERROR(FormatError, "format");        // a damaged or newer file
MUSL_DEFINE_ERROR(InternalError, "internal");    // a bug in MuSL

#undef MUSL_DEFINE_ERROR

/// What is used through a pointer to its base, and not copied.
class Interface {
 public:
  Interface() = default;
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;
  virtual ~Interface() = default;
};

}  // namespace musl
