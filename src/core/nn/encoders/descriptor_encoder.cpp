
#include "base/error.h"
#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kDescriptorHidden = 128;

/// MLP over the standardised descriptors of all cohorts.
///
/// descriptors (B, n_cohorts * F) -> (B, D)
class DescriptorEncoder : public Encoder {
 public:
  DescriptorEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : Encoder("descriptors", config.width) {
    const auto columns = sizes.values("descriptors");
    if (columns <= 0) {
      throw InputError(
          "The descriptor encoder needs an expression cohort; found none. Add "
          "expression data or leave \"descriptors\" out of encoders.");
    }
    net_ = register_module(
        "net",
        Mlp(std::vector<std::int64_t>{columns, kDescriptorHidden, config.width},
            /*norm=*/true, config.dropout));
  }

  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    return net_->forward(batch.at("descriptors"), batch.rng);  // (B, D)
  }

 private:
  Mlp net_{nullptr};
};

[[maybe_unused]] const bool kDescriptorRegistered = register_encoder(
    {"descriptors", {"descriptors"}, make_kind<DescriptorEncoder>});

}  // namespace

}  // namespace musl::nn
