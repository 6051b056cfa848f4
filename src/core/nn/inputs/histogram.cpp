#include "musl/histogram.h"

#include <algorithm>

#include "nn/inputs/expression_check.h"

namespace musl::nn {
namespace {

class Histogram : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return "histogram"; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"expression"};
  }

  [[nodiscard]] Shape shape(const Dataset& data,
                            const Preprocess&) const override {
    if (data.cohorts.empty()) return {};
    std::int64_t channels = 0;
    for (const auto& cohort : data.cohorts) {
      channels += symmetric_channels(cohort);
    }
    const std::int64_t bins = data.cohorts.back().config.bins;
    return {channels, bins, bins};
  }
  [[nodiscard]] bool available(const Dataset& data) const override {
    return !data.cohorts.empty();
  }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    return in_a_cohort(context.data, a, b);
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override {
    if (context.data.cohorts.empty()) {
      std::fill_n(out, pairs.size() * width, 0.0f);
      return;
    }
    histogram_batch(context.data.cohorts, pairs, 0, pairs.size(), out);
  }
  // A pair's maps are larger than the codes that make them.
  [[nodiscard]] bool is_kept() const override { return false; }
  void check(const KnownSizes& known, const Dataset& data) const override {
    check_cohorts(known, data);
  }
  using PairInput::check;
};

[[maybe_unused]] const bool kHistogramRegistered =
    register_input(std::make_unique<Histogram>());

}  // namespace
}  // namespace musl::nn
