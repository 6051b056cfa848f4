# Sourced by the tools: the package's root, messages, how R is run.

root=$(cd "$(dirname "$0")/.." && pwd -P)
name=tools/$(basename "$0")

say() { echo "== $*"; }
fail() {
  echo "$name: $1" >&2
  exit "${2:-1}"
}
# usage: the comment at the head of the script that runs.
usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }
bad_usage() { fail "$1 ($name --help shows the usage)" 2; }

# A LibTorch file takes 1-1.5 GB to compile; two at a time fit small machines.
MAKEFLAGS=${MAKEFLAGS:--j2}
export MAKEFLAGS
if [ -d /usr/lib/ccache ]; then PATH=/usr/lib/ccache:$PATH; fi

# Where tools/setup puts a LibTorch of its own, when Debian's does not do.
own_libtorch=${XDG_DATA_HOME:-$HOME/.local/share}/musl/torch
if [ -z "${LIBTORCH_HOME:-}" ] && [ -d "$own_libtorch" ]; then
  export LIBTORCH_HOME="$own_libtorch"
fi

# install_package LIBRARY LOG: shows the log's end only if it goes wrong.
install_package() {
  R CMD INSTALL --no-test-load --library="$1" "$root" >"$2" 2>&1 || {
    tail -n 40 "$2" >&2
    fail "the package does not install; the whole log is in $2"
  }
}
