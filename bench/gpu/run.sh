#!/bin/sh
# bench/gpu/run.sh [--smoke] [DIR]: builds the core with CMake against this
# machine's LibTorch, a Python torch included, and within 8 minutes on 16 cores
# with a GPU prints, beside the CPU: training, predictions and their agreement,
# bits of a repeated seed, a device short of memory, atlases with and without
# histograms, ESM2 of 650M parameters. Needs neither R nor GoogleTest; without a
# CUDA device it compares threads and micro-batches. DIR keeps the build (default
# build-bench); MUSL_BENCH_PROGRAMS names a folder with the programs instead.
# --smoke takes tiny sizes, once more on a device that the CPU plays.
root=$(cd "$(dirname "$0")/../.." && pwd)
smoke=
[ "$1" != --smoke ] || {
  smoke=--smoke
  shift
}
dir=$MUSL_BENCH_PROGRAMS
[ -n "$dir" ] || {
  dir=${1:-$root/build-bench}
  "$root/bench/core/build.sh" "$dir" devices atlas esm2 || exit 1
}
echo "$(date +%F), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
  "load $(cut -d ' ' -f 1 /proc/loadavg)."
if command -v nvidia-smi >/dev/null 2>&1; then
  nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
fi
# Threads of our own work in parallel; LibTorch's would wait for each other.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
all() {
  "$dir/devices" $smoke && echo && "$dir/atlas" $smoke && echo &&
    { [ -n "$smoke" ] || "$dir/atlas" --histogram; } && echo &&
    "$dir/esm2" $smoke
}
all && { [ -z "$smoke" ] || MUSL_TEST_DEVICE=fake all; }
