#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/group.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// How the processes that train one model add up what each of them found. All
/// must ask for the same sums in the same order; a process that leaves early
/// ends in an error of the others, and never in a wait without end.
class GradientExchange {
 public:
  GradientExchange() = default;
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;
  virtual ~GradientExchange() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Replaces `values`, of the same shape and type everywhere, by their sums
  /// over all processes: the same bits in each. DeviceError when a process is
  /// gone or does not answer in time.
  virtual void sum(Tensor* values) = 0;
};

/// As the public function of this name.
[[nodiscard]] std::vector<std::string> group_backends();

/// Meets the other processes and joins them; null for a group of one.
///
/// device  where the tensors to add up are
/// tick    called while it waits for them; false cancels (CancelledError)
///
/// DeviceError when this build lacks the backend or the others do not come.
[[nodiscard]] std::unique_ptr<GradientExchange> join_group(
    const GroupConfig& config, torch::Device device,
    const std::function<bool()>& tick = {});

/// Is this a process above rank 0 of a group? Such a one follows silently.
[[nodiscard]] bool is_follower(const GradientExchange* exchange);

/// Items first .. last - 1 are this process's.
struct Share {
  std::int64_t first = 0;
  std::int64_t last = 0;
  [[nodiscard]] std::int64_t size() const { return last - first; }
};

/// The contiguous part of n items that falls to this process; all of them when
/// `exchange` is null.
[[nodiscard]] Share share_of(std::int64_t n, const GradientExchange* exchange);

/// Does every process want to go on? `go_on` itself when `exchange` is null.
[[nodiscard]] bool all_go_on(bool go_on, GradientExchange* exchange);

/// InternalError unless all processes are at the same work.
void check_same_work(const std::string& identity, GradientExchange* exchange);

}  // namespace musl::nn
