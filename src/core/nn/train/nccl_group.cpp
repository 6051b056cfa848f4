#include "nn/train/process_group.h"

#ifdef MUSL_NCCL

// LibTorch's header is empty without it.
#ifndef USE_C10D_NCCL
#define USE_C10D_NCCL
#endif

#include <cstdlib>
#include <optional>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "nn/train/c10d_exchange.h"

namespace musl::nn {

namespace {

/// Sets an environment variable during its lifetime.
class EnvironmentGuard {
 public:
  EnvironmentGuard(const char* name, const char* value) : name_(name) {
    if (const char* found = std::getenv(name)) found_ = found;
    ::setenv(name, value, /*overwrite=*/1);
  }
  ~EnvironmentGuard() {
    if (found_) {
      ::setenv(name_, found_->c_str(), /*overwrite=*/1);
    } else {
      ::unsetenv(name_);
    }
  }
  EnvironmentGuard(const EnvironmentGuard&) = delete;
  EnvironmentGuard& operator=(const EnvironmentGuard&) = delete;

 private:
  const char* name_;
  std::optional<std::string> found_;
};

}  // namespace

bool has_nccl() { return true; }

std::unique_ptr<GradientExchange> join_nccl(const GroupConfig& config,
                                            torch::Device device,
                                            const std::function<bool()>& tick) {
  using Group = c10d::ProcessGroupNCCL;
  // Without blocking waits and with its watchdog, LibTorch would end the whole
  // process, the user's R session, when another one is lost. The names changed
  // with LibTorch 2.2.
  const EnvironmentGuard blocking("TORCH_NCCL_BLOCKING_WAIT", "1");
  const EnvironmentGuard older_blocking("NCCL_BLOCKING_WAIT", "1");
  const EnvironmentGuard handling("TORCH_NCCL_ASYNC_ERROR_HANDLING", "0");
  const EnvironmentGuard older_handling("NCCL_ASYNC_ERROR_HANDLING", "0");
  const EnvironmentGuard monitoring("TORCH_NCCL_ENABLE_MONITORING", "0");
  return with_group_errors(config, "did not meet the others", [&] {
    auto options = Group::Options::create();
    options->timeout = timeout_of(config);
    auto group = c10::make_intrusive<Group>(meet(config, tick), config.rank,
                                            config.size, options);
    return std::make_unique<C10dExchange<Group>>(group, device, config);
  });
}

}  // namespace musl::nn

#else

namespace musl::nn {

bool has_nccl() { return false; }

std::unique_ptr<GradientExchange> join_nccl(const GroupConfig&, torch::Device,
                                            const std::function<bool()>&) {
  return nullptr;
}

}  // namespace musl::nn

#endif
