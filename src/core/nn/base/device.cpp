#include "nn/base/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/os.h"
#include "musl/error.h"
#include "nn/base/tensor.h"

namespace musl::nn {

namespace {

int cuda_devices() {
  return torch::cuda::is_available()
             ? static_cast<int>(torch::cuda::device_count())
             : 0;
}

at::Generator cuda_generator(c10::Device device) {
  return at::globalContext().defaultGenerator(device).clone();
}

Accelerator& accelerator() {
  static Accelerator now{c10::kCUDA, cuda_devices, cuda_generator};
  return now;
}

/// The index of "cuda" or "cuda:<i>"; -1 if the name is neither.
int cuda_index(const std::string& name) {
  if (name == "cuda") return 0;
  const std::string digits = name.rfind("cuda:", 0) == 0 ? name.substr(5) : "";
  const bool valid =
      !digits.empty() && digits.size() <= 3 &&
      digits.find_first_not_of("0123456789") == std::string::npos;
  return valid ? std::stoi(digits) : -1;
}

std::string resolve(const std::string& name) {
  if (name == "cpu") return name;
  if (name == "auto") return accelerator().count() > 0 ? "cuda:0" : "cpu";
  const int index = cuda_index(name);
  if (index < 0) {
    throw InputError(
        "device must be \"auto\", \"cpu\", \"cuda\" or "
        "\"cuda:<i>\", not \"" +
        name + "\".");
  }
  const int found = accelerator().count();
  if (index >= found) {
    throw DeviceError("Device \"" + name + "\" is not there: LibTorch " +
                      TORCH_VERSION + " finds " + std::to_string(found) +
                      " CUDA device(s). Use device = \"auto\" or \"cpu\".");
  }
  return "cuda:" + std::to_string(index);
}

}  // namespace

DeviceInfo device_info() {
  return at_boundary("Looking for devices", [] {
    DeviceInfo info;
    info.libtorch_version = TORCH_VERSION;
    info.cuda_devices = accelerator().count();
    info.cuda_built =
        info.cuda_devices > 0 ||
        at::show_config().find("CUDA Runtime") != std::string::npos;
    info.products = has_fast_products() ? "oneDNN" : "BLAS";
    return info;
  });
}

std::string resolve_device(const std::string& name) {
  return at_boundary("Looking for devices", [&] { return resolve(name); });
}

c10::Device device_of(const std::string& name) {
  const std::string found = resolve_device(name);
  if (found == "cpu") return c10::kCPU;
  return {accelerator().type, static_cast<c10::DeviceIndex>(cuda_index(found))};
}

Accelerator set_accelerator(const Accelerator& other) {
  return std::exchange(accelerator(), other);
}

at::Generator generator_of(c10::Device device) {
  return accelerator().generator(device);
}

void settle_in_process() {
  static std::atomic<int> home{os::process_id()};
  const int here = os::process_id();
  if (home.exchange(here) != here) at::set_num_threads(1);
}

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
