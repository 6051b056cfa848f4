// An encoder that reads how close two genes are in the network, by a linear
// layer. As src/core/nn/encoders/proximity.cpp it is one of the package.
#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {
namespace {

class ProximityEncoder : public Encoder {
 public:
  ProximityEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : Encoder("proximity", config.width),
        net_(register_module("net",
                             Linear(sizes.values("topology"), config.width))) {}

  // B pairs with their values to (B, D).
  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    return net_->forward(batch.at("topology"));
  }

 private:
  Linear net_;
};

[[maybe_unused]] const bool kProximityRegistered =
    register_encoder({"proximity", {"topology"}, make_kind<ProximityEncoder>});

}  // namespace
}  // namespace musl::nn
