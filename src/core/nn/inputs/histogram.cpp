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
    if (data.sources.empty()) return {};
    std::int64_t channels = 0;
    for (const auto& source : data.sources) {
      channels += symmetric_channels(source);
    }
    const std::int64_t bins = data.sources.back().config.bins;
    return {channels, bins, bins};
  }
  [[nodiscard]] bool available(const Dataset& data) const override {
    return !data.sources.empty();
  }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    return in_a_source(context.data, a, b);
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override {
    if (context.data.sources.empty()) {
      std::fill_n(out, pairs.size() * width, 0.0f);
      return;
    }
    histogram_batch(context.data.sources, pairs, 0, pairs.size(), out);
  }
  // A pair's maps are larger than the codes that make them.
  [[nodiscard]] bool is_kept() const override { return false; }
  void check(const KnownSizes& known, const Dataset& data) const override {
    check_sources(known, data);
  }
  using PairInput::check;
};

[[maybe_unused]] const bool kHistogramRegistered =
    register_input(std::make_unique<Histogram>());

}  // namespace
}  // namespace musl::nn
