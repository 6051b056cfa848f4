// A backend without LibTorch, opened by test_backend.cpp: it fails as asked.
#include <stdexcept>

#include "base/error.h"
#include "model/backend.h"
#include "model/backend_stamp.h"

namespace {

using namespace musl;

[[noreturn]] void fail(const std::string& kind) {
  if (kind == "input") throw InputError(kind);
  if (kind == "gene") throw GeneError(kind);
  if (kind == "shape") throw ShapeError(kind);
  if (kind == "leakage") throw LeakageError(kind);
  if (kind == "device") throw DeviceError(kind);
  if (kind == "backend") throw BackendError(kind);
  if (kind == "diverged") throw DivergedError(kind);
  if (kind == "cancelled") throw CancelledError(kind);
  if (kind == "format") throw FormatError(kind);
  if (kind == "internal") throw InternalError(kind);
  throw std::out_of_range(kind);
}

DeviceInfo info() {
  DeviceInfo info;
  info.libtorch_version = "none";
  return info;
}

std::string resolve(const std::string& name) { fail(name); }

template <class Result, class... Arguments>
Result refuse(Arguments...) {
  fail("format");
}

}  // namespace

extern "C" {

extern const char musl_backend_stamp[];
const char musl_backend_stamp[] = MUSL_BACKEND_MARK MUSL_BACKEND_STAMP;

const musl::Backend* musl_backend() {
  static const Backend the_backend = {info,   resolve, refuse, refuse, refuse,
                                      refuse, refuse,  refuse, refuse, refuse,
                                      refuse, refuse,  refuse};
  return &the_backend;
}

}  // extern "C"
