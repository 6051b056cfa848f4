#pragma once

// Shared by the files of the back ends, which alone include it.

#include <c10/util/Exception.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <utility>
#include <vector>

#include "musl/error.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Calls `body`; exceptions of LibTorch become a DeviceError that names the
/// process. `fact` describes what failed.
template <class Body>
auto with_group_errors(const GroupConfig& config, const std::string& fact,
                       Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    const auto* torch = dynamic_cast<const c10::Error*>(&error);
    throw DeviceError(
        "Process " + std::to_string(config.rank + 1) + " of " +
        std::to_string(config.size) + " " + fact +
        ": one is gone, or did not answer within " +
        std::to_string(static_cast<int>(config.timeout)) + " s. (" +
        (torch != nullptr ? torch->what_without_backtrace() : error.what()) +
        ")");
  }
}

/// `Group` is c10d::ProcessGroupGloo or c10d::ProcessGroupNCCL; their common
/// base has another name from LibTorch 2.0 on.
template <class Group>
class C10dExchange final : public GradientExchange {
 public:
  C10dExchange(c10::intrusive_ptr<Group> group, torch::Device device,
               GroupConfig config)
      : group_(std::move(group)), device_(device), config_(std::move(config)) {}

  [[nodiscard]] int rank() const override { return config_.rank; }
  [[nodiscard]] int size() const override { return config_.size; }

  void sum(Tensor* values) override {
    std::vector<Tensor> tensors = {values->to(device_).contiguous()};
    with_group_errors(config_, "lost the others", [&] {
      if (!group_->allreduce(tensors)->wait()) {
        throw std::runtime_error("The sum was given up.");
      }
    });
    *values = tensors[0].to(values->device());
  }

 private:
  c10::intrusive_ptr<Group> group_;
  torch::Device device_;  // where the group sums
  GroupConfig config_;
};

[[nodiscard]] inline std::chrono::milliseconds timeout_of(
    const GroupConfig& config) {
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(config.timeout * 1000));
}

/// The store through which all processes connect, once all have joined.
[[nodiscard]] inline c10::intrusive_ptr<c10d::Store> meet(
    const GroupConfig& config, const std::function<bool()>& tick) {
  constexpr std::chrono::milliseconds kPause{20};
  auto store =
      c10::make_intrusive<c10d::FileStore>(config.rendezvous, config.size);
  store->setTimeout(timeout_of(config));
  std::vector<std::string> keys;
  keys.reserve(static_cast<std::size_t>(config.size));
  for (int i = 0; i < config.size; ++i) {
    keys.push_back("came/" + std::to_string(i));
  }
  store->set(keys[static_cast<std::size_t>(config.rank)],
             std::vector<std::uint8_t>{1});
  const auto end = std::chrono::steady_clock::now() + timeout_of(config);
  while (!store->check(keys)) {
    if (tick && !tick()) throw CancelledError("Training was interrupted.");
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("Not all of them came.");
    }
    std::this_thread::sleep_for(kPause);
  }
  return store;
}

}  // namespace musl::nn
