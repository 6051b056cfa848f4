# Sourced by the tools: the package root, messages, how to install the package.

root=$(cd "$(dirname "$0")/.." && pwd -P)
name=tools/$(basename "$0")

say() { echo "== $*"; }
fail() {
  echo "$name: $1" >&2
  exit "${2:-1}"
}
# usage: prints the comment at the head of the running script.
usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }
bad_usage() { fail "$1 ($name --help shows the usage)" 2; }
for argument in "$@"; do
  case $argument in -h | --help) usage && exit ;; esac
done
no_arguments() { [ $# -eq 0 ] || bad_usage "unknown argument '$1'"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}
can_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  command -v sudo >/dev/null 2>&1 || return 1
  # Without a terminal nobody can type a password.
  [ -t 0 ] || sudo -n true 2>/dev/null
}

# A temporary directory, deleted when the tool ends.
work=$(mktemp -d) || fail "no temporary directory can be made"
proc_mounted=
leave() {
  rm -rf "$work"
  [ -z "$proc_mounted" ] || as_root umount /proc
}
trap leave EXIT
trap 'exit 130' INT TERM

# LibTorch and R's process tools read /proc, which a bare chroot lacks.
mount_proc() {
  [ ! -e /proc/self ] || return 0
  { can_be_root && as_root mount -t proc proc /proc; } ||
    fail "LibTorch needs /proc: as root, mount -t proc proc /proc"
  proc_mounted=yes
}

# A LibTorch file takes 1-1.5 GB to compile; two at a time fit small machines.
MAKEFLAGS=${MAKEFLAGS:--j2}
export MAKEFLAGS
if [ -d /usr/lib/ccache ]; then PATH=/usr/lib/ccache:$PATH; fi

# Where tools/setup puts LibTorch if the distribution's is too old.
own_libtorch=${XDG_DATA_HOME:-$HOME/.local/share}/musl/torch
if [ -z "${LIBTORCH_HOME:-}" ] && [ -d "$own_libtorch" ]; then
  export LIBTORCH_HOME="$own_libtorch"
fi

# build_core DIR LOG OPTION...: configures and builds the core and its C++ tests
# in DIR. With MUSL_TORCH=no the part that needs LibTorch is left out.
build_core() {
  build_dir=$1
  build_log=$2
  shift 2
  . "$root/tools/find-libtorch.sh"
  standard=17
  torch=OFF
  if [ "${MUSL_TORCH:-}" != no ]; then
    find_libtorch || return 1
    torch=ON
    if version_at_least 2 12; then standard=20; fi
  fi
  cmake -S "$root" -B "$build_dir" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_STANDARD=$standard -DMUSL_TORCH=$torch \
    -DCMAKE_PREFIX_PATH="$(dirname "${torch_lib:-/usr/lib}")" "$@" \
    >"$build_log" 2>&1 &&
    ninja -C "$build_dir" ${NINJAFLAGS:--j2} >>"$build_log" 2>&1
}

# A checksum of what MuSL is built from.
source_state() (
  . "$root/tools/find-libtorch.sh"
  find_libtorch
  cd "$root" || exit 1
  {
    find DESCRIPTION NAMESPACE LICENSE configure cleanup R inst man src tools \
      -type f ! -name "*.o" ! -name "*.dep" ! -name "*.so" ! -name "*.gch" \
      ! -name Makevars ! -name build-stamp ! -name symbols.rds \
      ! -path 'src/joined/*' |
      LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum
    R --version | head -n 1
    echo "${torch_lib:-} ${torch_version:-}"
  } | cksum
)
# is_installed LIBRARY: these sources, by install_package. R CMD INSTALL removes
# the stamp.
is_installed() {
  [ "$(cat "$1/MuSL/installed-from" 2>/dev/null)" = "$(source_state)" ]
}

# install_package LIBRARY [OPTION...]: shows the end of the log if it fails.
install_package() {
  into=$1
  shift
  R CMD INSTALL --no-test-load "$@" --library="$into" "$root" \
    >"$work/log" 2>&1 || {
    tail -n 60 "$work/log" >&2
    fail "the package does not install"
  }
  source_state >"$into/MuSL/installed-from"
}
