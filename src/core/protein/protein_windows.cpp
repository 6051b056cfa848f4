#include "protein/protein_windows.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace musl {

namespace {

void add_windows(std::int64_t protein, std::int64_t length, std::int64_t window,
                 std::int64_t overlap, std::vector<ProteinWindow>* out) {
  if (length <= window) {
    out->push_back({protein, 0, length});
    return;
  }
  const std::int64_t step = window - overlap;
  const std::int64_t gaps = (length - window + step - 1) / step;
  for (std::int64_t i = 0; i <= gaps; ++i) {
    out->push_back({protein, i * (length - window) / gaps, window});
  }
}

}  // namespace

std::vector<ProteinWindow> plan_windows(
    const std::vector<std::int64_t>& lengths, std::int64_t window,
    std::int64_t overlap) {
  std::vector<ProteinWindow> windows;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    add_windows(static_cast<std::int64_t>(i), lengths[i], window, overlap,
                &windows);
  }
  return windows;
}

std::vector<std::vector<float>> residue_weights(
    const std::vector<ProteinWindow>& windows,
    const std::vector<std::int64_t>& lengths) {
  std::vector<std::vector<float>> weights(windows.size());
  std::vector<int> holders;
  for (std::size_t first = 0; first < windows.size();) {
    std::size_t last = first;
    const std::int64_t protein = windows[first].protein;
    const std::int64_t length = lengths[static_cast<std::size_t>(protein)];
    holders.assign(static_cast<std::size_t>(length), 0);
    for (; last < windows.size() && windows[last].protein == protein; ++last) {
      for (std::int64_t i = 0; i < windows[last].length; ++i) {
        ++holders[static_cast<std::size_t>(windows[last].begin + i)];
      }
    }
    for (; first < last; ++first) {
      for (std::int64_t i = 0; i < windows[first].length; ++i) {
        const int n =
            holders[static_cast<std::size_t>(windows[first].begin + i)];
        weights[first].push_back(
            static_cast<float>(1.0 / (static_cast<double>(length) * n)));
      }
    }
  }
  return weights;
}

std::vector<std::vector<std::int64_t>> plan_batches(
    const std::vector<ProteinWindow>& windows, std::int64_t budget) {
  std::vector<std::int64_t> order(windows.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto tokens = [&windows](std::int64_t i) {
    return windows[static_cast<std::size_t>(i)].length + 2;
  };
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::int64_t x, std::int64_t y) { return tokens(x) > tokens(y); });
  std::vector<std::vector<std::int64_t>> batches;
  std::int64_t held = 0;
  for (const std::int64_t i : order) {
    if (batches.empty() || held + tokens(i) > budget) {
      batches.emplace_back();
      held = 0;
    }
    batches.back().push_back(i);
    held += tokens(i);
  }
  return batches;
}

}  // namespace musl
