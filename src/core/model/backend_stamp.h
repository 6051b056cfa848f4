#pragma once

#include <Eigen/Core>

#define MUSL_TEXT_OF(x) #x
#define MUSL_TEXT(x) MUSL_TEXT_OF(x)

// The package's version and a checksum of its headers, from the build.
#ifndef MUSL_BUILD
#define MUSL_BUILD MuSL
#endif

// Build identity that a program and its backend must share, since they exchange
// the core's classes. The backend's library stores it after the mark, so that
// it can be read before the library and LibTorch are loaded.
#define MUSL_BACKEND_MARK "MuSL backend: "
#define MUSL_BACKEND_STAMP \
  MUSL_TEXT(MUSL_BUILD)    \
  ", interface 1, C++ ABI " MUSL_TEXT(_GLIBCXX_USE_CXX11_ABI)    \
  ", Eigen " MUSL_TEXT(EIGEN_WORLD_VERSION) "." MUSL_TEXT(       \
      EIGEN_MAJOR_VERSION) "." MUSL_TEXT(EIGEN_MINOR_VERSION)    \
  " aligned to " MUSL_TEXT(EIGEN_MAX_ALIGN_BYTES)

namespace musl {

/// That of this program. The stamp changes with the core's headers, so what
/// spells it out is compiled by itself.
[[nodiscard]] const char* backend_stamp();

}  // namespace musl
