#!/bin/sh
# bench/core/build.sh DIR TARGET...: compiles programs of bench/core in DIR
# against the LibTorch of this machine (tools/find-libtorch.sh; LIBTORCH_HOME
# decides). EIGEN_HOME names headers outside the usual place.
[ $# -ge 2 ] || {
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
}
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tools/find-libtorch.sh"
find_libtorch || {
  echo "build.sh: LibTorch was not found. Set LIBTORCH_HOME." >&2
  exit 1
}
if version_at_least 2 12; then standard=20; else standard=17; fi
echo "LibTorch $torch_version from $torch_origin ($torch_lib), C++$standard" >&2
dir=$1
shift
mkdir -p "$dir"
{
  cmake -S "$root/bench/core" -B "$dir" -DCMAKE_CXX_STANDARD=$standard \
    -DMUSL_TORCH_INCLUDE="$torch_include" -DMUSL_TORCH_LIB="$torch_lib" &&
    cmake --build "$dir" --target "$@" -j "${MUSL_JOBS:-$(nproc)}"
} >"$dir/build.log" 2>&1 || {
  tail -n 30 "$dir/build.log" >&2
  exit 1
}
