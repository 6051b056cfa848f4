#include "nn/base/boundary.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/os.h"

namespace musl::nn {

namespace {

/// How those below LibTorch's allocator of device memory say it. cuBLAS calls
/// itself not initialised where its workspace finds no room; a convolution
/// finds no engine where no plan's workspace does.
constexpr const char* kNoMemory[] = {"out of memory",
                                     "can't allocate memory",
                                     "ALLOC_FAILED",
                                     "ALLOCATION_FAILED",
                                     "STATUS_NOT_INITIALIZED",
                                     "unable to find an engine",
                                     "Unable to find a valid cuDNN algorithm"};

/// What a child of a process lacks that trained (LibTorch since 2.0) or used a
/// GPU, as its first call says it.
constexpr const char* kForked[] = {"fork-based multiprocessing",
                                   "CUDA error: initialization error",
                                   "forked subprocess"};

template <std::size_t n>
bool has_any(const std::string& text, const char* const (&all)[n]) {
  return std::any_of(all, all + n, [&](const char* words) {
    return text.find(words) != std::string::npos;
  });
}

}  // namespace

void settle_in_process() {
  static std::atomic<int> home{os::process_id()};
  const int here = os::process_id();
  if (home.exchange(here) != here) at::set_num_threads(1);
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const auto* ours = dynamic_cast<const c10::Error*>(&error);
  if (ours == nullptr) return false;
  // The CPU allocator and older CUDA allocators throw the plain class.
  return dynamic_cast<const c10::OutOfMemoryError*>(ours) != nullptr ||
         has_any(ours->what_without_backtrace(), kNoMemory);
}

void lower_to(std::int64_t limit, std::atomic<std::int64_t>* value) {
  std::int64_t now = value->load();
  while (now > limit && !value->compare_exchange_weak(now, limit)) {
  }
}

void rethrow_as_ours(const std::string& doing, const std::exception& error) {
  const auto* torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text =
      torch != nullptr ? torch->what_without_backtrace() : error.what();
  if (is_out_of_memory(error)) {
    throw DeviceError(doing +
                      " ran out of memory. Use a smaller batch_size or fewer "
                      "threads, or device = \"cpu\". (" +
                      text + ")");
  }
  if (has_any(text, kForked)) {
    throw DeviceError(
        doing +
        " can't go on in a fork of a process that has trained or used a GPU. "
        "Start workers as processes of their own, such as SnowParam(), or fork "
        "before the first fit.");
  }
  throw InternalError(doing + " failed: " + text +
                      ". This is a defect of MuSL; please report it.");
}

}  // namespace musl::nn
