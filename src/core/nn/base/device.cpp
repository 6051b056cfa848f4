#include "nn/base/device.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "nn/base/boundary.h"
#include "nn/base/products.h"

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

}  // namespace musl::nn
