# Sourced by configure and tools/build-backend, after tools/find-libtorch.sh:
# the flags to compile and link C++ with LibTorch on this machine. The caller
# provides a directory $work and a function config NAME, `R CMD config NAME`.
#
# torch_flags [FLAG...]: for what is compiled with FLAGs too. It sets
#   torch_std       CXX17 or CXX20
#   torch_abi       the C++ ABI flag; empty: the compiler's default
#   torch_cppflags, torch_libs
#   torch_cuda      yes or no
# or returns 1, with the reason in $torch_problem and the compiler's messages
# in $work/log.
#
# It also sets how this system's linker spells what both pass to it:
#   name_flag       followed by the name that a library is linked by
#   beside_flag     libraries may lie beside the one that is linked
#   loose_flag      libraries may lack what others define

case $(uname -s) in
  Darwin)
    name_flag=-Wl,-install_name,@rpath/
    beside_flag=-Wl,-rpath,@loader_path
    loose_flag=-Wl,-undefined,dynamic_lookup
    ;;
  *)
    name_flag=-Wl,-soname,
    beside_flag='-Wl,-rpath,$ORIGIN'
    loose_flag=-Wl,--allow-shlib-undefined
    ;;
esac

torch_flags() {
  torch_problem=
  : >"$work/log"
  if ! find_libtorch; then
    torch_problem="LibTorch (>= 1.13) was not found."
    [ -z "${LIBTORCH_HOME:-}" ] || torch_problem="\
LIBTORCH_HOME=$LIBTORCH_HOME holds no LibTorch: \
include/$version_header or lib/libtorch_cpu.$torch_ext is missing."
    return 1
  fi
  if ! version_at_least 1 13; then
    torch_problem="\
LibTorch $torch_version in $torch_lib is too old: 1.13 or newer is needed."
    return 1
  fi
  if version_at_least 2 12; then torch_std=CXX20; else torch_std=CXX17; fi
  torch_paths
  torch_link_abi "$@"
}

# A compiler's own directories must not be named again: that breaks g++'s
# #include_next, and needs no rpath.
torch_paths() {
  torch_cppflags="-I\"$torch_include/torch/csrc/api/include\""
  torch_libs="-ltorch_cpu -lc10"
  torch_cuda=no
  case $torch_include in
    /usr/include | /usr/local/include) ;;
    *) torch_cppflags="-I\"$torch_include\" $torch_cppflags" ;;
  esac
  case $torch_lib in
    /usr/lib | /usr/lib64 | "/usr/lib/$multiarch") ;;
    *) torch_libs="-L\"$torch_lib\" -Wl,-rpath,\"$torch_lib\" $torch_libs" ;;
  esac
  if [ -e "$torch_lib/libtorch_cuda.so" ]; then
    # Nothing refers to it by name, so the linker would drop it.
    torch_libs="$torch_libs -Wl,--no-as-needed -ltorch_cuda -Wl,--as-needed"
    torch_cuda=yes
  fi
}

# torch_compile FLAGS FILE: a program of FILE, as $work/probe.
torch_compile() {
  eval "$(config $torch_std) $(config ${torch_std}STD) $1 $torch_cppflags" \
    '"$2" -o "$work/probe"' "$torch_libs $loose_flag" \
    >"$work/log" 2>&1
}

# Does a std::string reach LibTorch, and under which ABI?
torch_link_abi() {
  cat >"$work/abi.cpp" <<'CPP'
#include <ATen/Parallel.h>
#include <c10/core/Device.h>

#include <string>

int main(int count, char** words) {
  const std::string device(count > 1 ? words[1] : "cpu");
  return c10::Device(device).index() + at::get_num_threads();
}
CPP
  for torch_abi in "" -D_GLIBCXX_USE_CXX11_ABI=1 -D_GLIBCXX_USE_CXX11_ABI=0; do
    torch_compile "$* $torch_abi" "$work/abi.cpp" && return 0
  done
  torch_problem="\
A program with LibTorch $torch_version in $torch_lib does not compile and link."
  return 1
}
