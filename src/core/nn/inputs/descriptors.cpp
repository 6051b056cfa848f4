#include "musl/descriptors.h"

#include <algorithm>

#include "nn/inputs/expression_check.h"

namespace musl::nn {
namespace {

constexpr char kDescriptorsInput[] = "descriptors";

class Descriptors : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return kDescriptorsInput; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"expression"};
  }

  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto& mean = preprocess.pair_scaler(kDescriptorsInput).mean;
    if (mean.empty()) return {};
    return {static_cast<std::int64_t>(mean.size())};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    out->pair_scalers[kDescriptorsInput] =
        fit_descriptor_scaler(context.data, context.training, context.threads);
  }

  [[nodiscard]] bool available(const Dataset& data) const override {
    return !data.cohorts.empty();
  }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    return in_a_cohort(context.data, a, b);
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override;
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
    check_cohorts(known, data);
    if (data.cohorts.empty()) return;
    const auto& mean = known.preprocess.pair_scaler(kDescriptorsInput).mean;
    require_equal(static_cast<std::int64_t>(data.cohorts.size()) * kDescriptors,
                  static_cast<std::int64_t>(mean.size()), "descriptors");
  }
  using PairInput::check;
};

void Descriptors::make(const InputContext& context, const PairSet& pairs,
                       std::int64_t width, float* out) const {
  const auto& cohorts = context.data.cohorts;
  if (cohorts.empty()) {
    std::fill_n(out, pairs.size() * width, 0.0f);
    return;
  }
  descriptor_batch(cohorts, pairs, 0, pairs.size(), out);
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

[[maybe_unused]] const bool kDescriptorsRegistered =
    register_input(std::make_unique<Descriptors>());

}  // namespace
}  // namespace musl::nn
