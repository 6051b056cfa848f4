#include <utility>

#include "base/error.h"
#include "data/partners.h"
#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kPartnersHidden = 64;
constexpr std::int64_t kPartnerHidden = 128;

/// Encodes the known SL and non-SL partners of either gene.
///
/// partners (B, 2 P + paths), seen (B, 2) -> (B, D). Both directions share one
/// network; the part of an unseen (in training: hidden) gene's partners is
/// zero. Without a seen gene the modality is absent.
class PartnersEncoder : public Encoder {
 public:
  PartnersEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : Encoder("partners", config.width),
        columns_((sizes.values("partners") - kPartnerPaths) / 2) {
    if (columns_ <= 0) {
      throw InputError(
          "The partners encoder needs known pairs; found none. Give labelled "
          "pairs or leave \"partners\" out of encoders.");
    }
    direction_ = register_module(
        "direction",
        Mlp(std::vector<std::int64_t>{columns_ + 2, kPartnersHidden,
                                      kPartnersHidden},
            /*norm=*/false, config.dropout));
    head_ = register_module(
        "head",
        Mlp(std::vector<std::int64_t>{2 * kPartnersHidden + kPartnerPaths,
                                      kPartnerHidden, config.width},
            /*norm=*/true, config.dropout));
  }

  [[nodiscard]] Tensor mask(const PairBatch& batch) const override {
    return Encoder::mask(batch) * batch.at("seen").amax(1);  // (B)
  }

  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    const auto& x = batch.at("partners");
    const auto seen = batch.at("seen").to(x.scalar_type());  // (B, 2)
    const auto a = seen.narrow(1, 0, 1), b = seen.narrow(1, 1, 1);
    const auto from_a = torch::cat({x.narrow(1, 0, columns_) * a, a, b}, 1);
    const auto from_b =
        torch::cat({x.narrow(1, columns_, columns_) * b, b, a}, 1);
    const auto paths = x.narrow(1, 2 * columns_, kPartnerPaths) * a * b;
    const auto [h_a, h_b] = read_both(from_a, from_b, batch.rng);
    return head_->forward(torch::cat({h_a + h_b, h_a * h_b, paths}, 1),
                          batch.rng);  // (B, D)
  }

 private:
  Tensor read(const Tensor& x, ChunkRng* rng) {
    return torch::relu(direction_->forward(x, rng));  // (B, 64)
  }
  /// On a GPU by half the kernels.
  std::pair<Tensor, Tensor> read_both(const Tensor& a, const Tensor& b,
                                      ChunkRng* rng) {
    if (a.is_cpu()) {
      const auto h_a = read(a, rng);
      return {h_a, read(b, rng)};
    }
    const auto both = read(torch::cat({a, b}), rng).split(a.size(0));
    return {both[0], both[1]};
  }

  std::int64_t columns_;
  Mlp direction_{nullptr}, head_{nullptr};
};

[[maybe_unused]] const bool kPartnersRegistered = register_encoder(
    {"partners", {"partners", "seen"}, make_kind<PartnersEncoder>});

}  // namespace

}  // namespace musl::nn
