
#include "base/error.h"
#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kCells = 4;  // side of the grid that keeps positions
constexpr std::int64_t kChannels[] = {16, 32, 64};

/// Means over a kCells x kCells grid: (B, C, K, K) -> (B, C, 4, 4).
Tensor grid_means(const Tensor& maps) {
  const auto side = maps.size(2);
  if (side == kCells) return maps;
  if (side % kCells == 0) return torch::avg_pool2d(maps, side / kCells);
  return torch::adaptive_avg_pool2d(maps, {kCells, kCells});
}

/// 2x2 means; an odd side's last cells are averaged among themselves.
Tensor halve(const Tensor& maps) {
  return torch::avg_pool2d(maps, 2, 2, 0,
                           /*ceil_mode=*/maps.size(2) % 2 != 0);
}

Tensor convolve(Conv2d& convolution, const Tensor& maps, bool then_halve) {
  // oneDNN reads channels last: the other order takes five times as long with
  // two channels.
  const auto h =
      convolution->forward(maps.contiguous(torch::MemoryFormat::ChannelsLast))
          .relu_();
  return then_halve ? halve(h) : h;
}

/// Convolutional net over swap-invariant joint histograms.
///
/// histogram (B, C, K, K), K = 8 .. 64 -> (B, D). Stages of 3x3 convolutions
/// are separated by 2x2 average pooling: means accumulate weak evidence from
/// many cells; a maximum would keep one cell's noise. The last maps are
/// averaged on a 4x4 grid, since the location of missing mass matters. Of 16,
/// 32 and 64 channels, about 5 MFLOP a pair at K = 32.
class HistogramEncoder : public Encoder {
 public:
  HistogramEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : Encoder("histogram", config.width), dropout_(config.dropout) {
    if (sizes.values("histogram") <= 0) {
      throw InputError(
          "The histogram encoder needs an expression cohort; found none. Add "
          "expression data or leave \"histogram\" out of encoders.");
    }
    channels_ = sizes.of("histogram").front();
    auto in = channels_;
    for (const auto out : kChannels) {
      const auto name = "conv" + std::to_string(convolutions_.size());
      convolutions_.push_back(register_module(name, Conv2d(in, out)));
      in = out;
    }
    project_ =
        register_module("project", Linear(in * kCells * kCells, width()));
  }

  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    auto h = batch.at("histogram");  // (B, C, K, K)
    if (h.dim() != 4 || h.size(1) != channels_) {
      throw ShapeError("Histograms must have " + std::to_string(channels_) +
                       " channels; found " + std::to_string(h.size(1)) +
                       ". Use the cohorts that the model was trained on.");
    }
    for (auto& convolution : convolutions_) {
      // Grid means equal means of such means if both sizes match.
      const bool last = &convolution == &convolutions_.back();
      h = convolve(convolution, h, !last || h.size(2) % (2 * kCells) == 0);
    }
    h = grid_means(h).flatten(1);  // (B, 16 * channels)
    return project_->forward(dropout(h, dropout_, batch.rng));  // (B, D)
  }

 private:
  double dropout_;
  std::int64_t channels_;
  std::vector<Conv2d> convolutions_;
  Linear project_{nullptr};
};

[[maybe_unused]] const bool kHistogramRegistered =
    register_encoder({"histogram", {"histogram"}, make_kind<HistogramEncoder>});

}  // namespace

}  // namespace musl::nn
