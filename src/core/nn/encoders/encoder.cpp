#include "nn/encoders/encoder.h"

#include <map>
#include <utility>

#include "musl/error.h"
#include "musl/partners.h"
#include "nn/base/layers.h"

namespace musl::nn {

namespace {

// A function's static, because encoders register before main().
std::map<std::string, EncoderInfo>& registry() {
  static std::map<std::string, EncoderInfo> encoders;
  return encoders;
}

}  // namespace

std::vector<std::string> Encoder::inputs() const {
  return encoder_info(encoder_name()).reads;
}

Tensor Encoder::mask(const PairBatch& batch) const {
  return batch.at("mask:" + encoder_name());
}

Tensor Encoder::gene_vectors(const GeneInputs& /*inputs*/,
                             const Tensor& /*rows*/, ChunkRng* /*rng*/) {
  throw InternalError("The encoder \"" + encoder_name() +
                      "\" has no per-gene stage. This is a defect of MuSL; "
                      "please report it.");
}

Tensor Encoder::own_columns(const Tensor& genes) const {
  // A part has a gradient of zeros around it.
  return genes.size(1) == gene_width()
             ? genes
             : genes.narrow(1, gene_offset_, gene_width());
}

bool register_encoder(EncoderInfo info) {
  const std::string name = info.name;
  registry()[name] = std::move(info);
  return true;
}

const EncoderInfo& encoder_info(const std::string& name) {
  const auto found = registry().find(name);
  if (found == registry().end()) {
    std::string known;
    for (const auto& item : registry()) {
      known += (known.empty() ? "" : ", ") + item.first;
    }
    throw InputError("encoders must be registered ones; found \"" + name +
                     "\", known are: " + known + ".");
  }
  return found->second;
}

std::vector<std::string> encoder_names() {
  std::vector<std::string> names;
  for (const auto& item : registry()) names.push_back(item.first);
  return names;
}

std::shared_ptr<Encoder> make_encoder(const std::string& name,
                                      const ArchitectureConfig& config,
                                      const InputSizes& sizes) {
  return encoder_info(name).make(config, sizes);
}

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
