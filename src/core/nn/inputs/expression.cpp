// The inputs of a pair that are made of expression: descriptors and histograms.

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/numbers.h"
#include "expression/descriptors.h"
#include "expression/histogram_maps.h"
#include "nn/inputs/pair_input.h"

namespace musl::nn {
namespace {

int channels_of(const Dataset& data) {
  int channels = 0;
  for (const auto& cohort : data.cohorts)
    channels += symmetric_channels(cohort);
  return channels;
}

/// Checks names and sizes of the cohorts against a model's. Data without
/// cohorts passes: the modality is masked.
void check_cohorts(const KnownSizes& known, const Dataset& data) {
  if (data.cohorts.empty()) return;
  const auto& cohorts = known.data.cohorts;
  require_equal(size_of(data.cohorts), size_of(cohorts), "expression cohorts");
  for (std::size_t i = 0; i < data.cohorts.size(); ++i) {
    const auto& cohort = data.cohorts[i];
    const std::string of = " of cohort \"" + cohort.name + "\"";
    require_equal(cohort.config.bins, known.bins, "histogram bins" + of);
    for (const std::int32_t row : cohort.row_of_gene) {
      if (row < cohort.n_rows()) continue;
      throw ShapeError("A gene's row must be -1 to " +
                       std::to_string(cohort.n_rows() - 1) + of + "; found " +
                       std::to_string(row) + ".");
    }
    if (cohorts[i].name != cohort.name) {
      throw ShapeError("Expression cohort " + std::to_string(i + 1) +
                       " must be \"" + cohorts[i].name + "\", not \"" +
                       cohort.name + "\".");
    }
  }
  require_equal(channels_of(data), channels_of(known.data),
                "histogram channels (assays squared)");
}

/// What is made of the cohorts' expression.
class ExpressionInputs : public PairInput {
 public:
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"expression"};
  }
  [[nodiscard]] bool available(const Dataset& data) const override {
    return !data.cohorts.empty();
  }
  /// Whether any cohort has both genes.
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    const auto& cohorts = context.data.cohorts;
    return std::any_of(cohorts.begin(), cohorts.end(),
                       [a, b](const auto& x) { return x.has_pair(a, b); });
  }
  void check(const KnownSizes& known, const Dataset& data) const override {
    check_cohorts(known, data);
  }
};

constexpr char kDescriptorsInput[] = "descriptors";

class Descriptors : public ExpressionInputs {
 public:
  [[nodiscard]] std::string name() const override { return kDescriptorsInput; }
  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto& mean = preprocess.pair_scaler(kDescriptorsInput).mean;
    if (mean.empty()) return {};
    return {size_of(mean)};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    out->pair_scalers[kDescriptorsInput] =
        fit_descriptor_scaler(context.data, context.training, context.threads);
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override {
    const auto& cohorts = context.data.cohorts;
    if (cohorts.empty()) {
      std::fill_n(out, pairs.size() * width, 0.0f);
      return;
    }
    descriptor_batch(cohorts, pairs, out);
    context.preprocess.pair_scaler(kDescriptorsInput).apply(out, pairs.size());
    // Columns of a cohort that lacks the pair are at the mean.
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      for (const auto& cohort : cohorts) {
        if (!cohort.has_pair(pairs.a[i], pairs.b[i])) {
          std::fill_n(out, kDescriptors, 0.0f);
        }
        out += kDescriptors;
      }
    }
  }
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext& context) const override {
    std::vector<std::string> names;
    for (const auto& cohort : context.data.cohorts) {
      for (const auto& name : descriptor_names(cohort.config.descriptors)) {
        names.push_back(cohort.name + ": " + name);
      }
    }
    return names;
  }
  void check(const KnownSizes& known, const Dataset& data) const override {
    ExpressionInputs::check(known, data);
    if (data.cohorts.empty()) return;
    const auto& mean = known.preprocess.pair_scaler(kDescriptorsInput).mean;
    require_equal(size_of(data.cohorts) * kDescriptors, size_of(mean),
                  "descriptors");
  }
};

[[maybe_unused]] const bool kDescriptorsRegistered =
    register_input(std::make_unique<Descriptors>());

class Histogram : public ExpressionInputs {
 public:
  [[nodiscard]] std::string name() const override { return "histogram"; }
  [[nodiscard]] Shape shape(const Dataset& data,
                            const Preprocess&) const override {
    if (data.cohorts.empty()) return {};
    const std::int64_t bins = data.cohorts.back().config.bins;
    return {channels_of(data), bins, bins};
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override {
    if (context.data.cohorts.empty()) {
      std::fill_n(out, pairs.size() * width, 0.0f);
      return;
    }
    histogram_batch(context.data.cohorts, pairs, out);
  }
  // A pair's maps are larger than the codes that make them.
  [[nodiscard]] bool is_kept() const override { return false; }
};

[[maybe_unused]] const bool kHistogramRegistered =
    register_input(std::make_unique<Histogram>());

}  // namespace
}  // namespace musl::nn
