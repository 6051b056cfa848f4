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
    return !data.sources.empty();
  }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    return in_a_source(context.data, a, b);
  }
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override;
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext& context) const override {
    std::vector<std::string> names;
    for (const auto& source : context.data.sources) {
      for (const auto& name : descriptor_names(source.config.descriptors)) {
        names.push_back(source.name + ": " + name);
      }
    }
    return names;
  }
  void check(const KnownSizes& known, const Dataset& data) const override {
    check_sources(known, data);
    if (data.sources.empty()) return;
    const auto& mean = known.preprocess.pair_scaler(kDescriptorsInput).mean;
    require_equal(static_cast<std::int64_t>(data.sources.size()) * kDescriptors,
                  static_cast<std::int64_t>(mean.size()), "descriptors");
  }
  using PairInput::check;
};

void Descriptors::make(const InputContext& context, const PairSet& pairs,
                       std::int64_t width, float* out) const {
  const auto& sources = context.data.sources;
  if (sources.empty()) {
    std::fill_n(out, pairs.size() * width, 0.0f);
    return;
  }
  descriptor_batch(sources, pairs, 0, pairs.size(), out);
  context.preprocess.pair_scaler(kDescriptorsInput).apply(out, pairs.size());
  // Columns of a source that lacks the pair are at the mean.
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const auto& source : sources) {
      if (!source.has_pair(pairs.a[i], pairs.b[i])) {
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
