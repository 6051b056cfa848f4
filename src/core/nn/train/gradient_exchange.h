#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/group.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// Sums values over the processes that train one model. All must request the
/// same sums in the same order; if a process leaves early, the others throw an
/// error and never wait forever.
class GradientExchange {
 public:
  GradientExchange() = default;
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;
  virtual ~GradientExchange() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Replaces `values`, of the same shape and type everywhere, by their sums
  /// over all processes: the same bits in each. DeviceError if a process has
  /// ended or does not answer in time.
  virtual void sum(Tensor* values) = 0;
};

/// Implements the public function of the same name.
[[nodiscard]] std::vector<std::string> group_backends();

/// Connects to the other processes; null for a group of one.
///
/// device  device of the tensors to sum
/// tick    called while waiting for them; false cancels (CancelledError)
///
/// DeviceError if this build lacks the backend or the others do not join.
[[nodiscard]] std::unique_ptr<GradientExchange> join_group(
    const GroupConfig& config, torch::Device device,
    const std::function<bool()>& tick = {});

/// Whether this is a process above rank 0 of a group, which reports nothing.
[[nodiscard]] bool is_follower(const GradientExchange* exchange);

/// Items first .. last - 1 are this process's.
struct Share {
  std::int64_t first = 0;
  std::int64_t last = 0;
  [[nodiscard]] std::int64_t size() const { return last - first; }
};

/// The contiguous part of n items for this process; all items if `exchange` is
/// null.
[[nodiscard]] Share share_of(std::int64_t n, const GradientExchange* exchange);

/// Whether all processes want to continue; `go_on` if `exchange` is null.
[[nodiscard]] bool all_go_on(bool go_on, GradientExchange* exchange);

/// InternalError unless all processes do the same work.
void check_same_work(const std::string& identity, GradientExchange* exchange);

}  // namespace musl::nn
