#include "nn/embed/esm2_net.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "io/safetensors.h"
#include "nn/base/device.h"
#include "nn/base/parameters.h"
#include "nn/base/products.h"

namespace musl::nn {

namespace {

// In training 15 % of the tokens were chosen, and 80 % of these became <mask>,
// whose embedding is zero. At inference none is masked, so embeddings are
// scaled down to compensate.
constexpr double kMaskedInTraining = 0.15 * 0.8;
constexpr double kRotaryBase = 10000.0;

// Attention scores in memory at once: a core's cache on the CPU, one gigabyte
// on a GPU.
constexpr std::int64_t kScoresInCache = 1 << 18;
constexpr std::int64_t kScoresOnGpu = 1 << 28;

/// Softmax(q k^T) v; each argument (N, L, hd), N sequences x heads.
Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value) {
  const auto scores = at::bmm(query, key.transpose(1, 2));  // (N, L, L)
  return at::bmm(at::softmax(scores, /*dim=*/2), value);    // (N, L, hd)
}

/// Rotates each pair (x_i, x_(i + hd/2)) by its position's angle.
/// x (T, 2H, hd) -> (T, 2H, hd)
Tensor rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine) {
  const auto halves = x.chunk(2, /*dim=*/2);
  auto first = halves[0] * cosine;  // (T, 2H, hd/2)
  first.addcmul_(halves[1], sine, /*value=*/-1);
  auto second = halves[1] * cosine;
  second.addcmul_(halves[0], sine);
  return at::cat({first, second}, /*dim=*/2);
}

/// The tensors of one folder, in any of its files.
class WeightReader {
 public:
  WeightReader(const Esm2Folder& folder, at::TensorOptions target,
               const std::function<void()>& step)
      : folder_(folder), target_(target), step_(step) {
    files_.reserve(folder.weight_files.size());
    for (const auto& path : folder.weight_files) files_.emplace_back(path);
    for (const auto& file : files_) {
      for (const auto& item : file.tensors()) home_[item.first] = &file;
    }
    // A bare EsmModel is saved without the prefix of its parent.
    if (home_.count("embeddings.word_embeddings.weight") > 0) prefix_ = "";
  }

  /// Weight of this shape, and bias, of all these steps, stacked by rows.
  [[nodiscard]] Esm2Step step(std::vector<std::string> names,
                              const std::vector<std::int64_t>& shape) const {
    auto biases = names;
    for (auto& name : names) name += ".weight";
    for (auto& name : biases) name += ".bias";
    return {read(names, shape), read(biases, {shape[0]})};
  }

  /// Tensors of the same shape, stacked by rows, on the target device.
  [[nodiscard]] Tensor read(const std::vector<std::string>& names,
                            const std::vector<std::int64_t>& shape) const {
    std::vector<std::int64_t> whole = shape;
    whole[0] *= static_cast<std::int64_t>(names.size());
    auto tensor = at::empty(whole, at::TensorOptions(at::kFloat));
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto part =
          tensor.narrow(0, static_cast<std::int64_t>(i) * shape[0], shape[0]);
      find(prefix_ + names[i], shape)
          .read_floats(prefix_ + names[i], part.data_ptr<float>());
      step_();
    }
    if (!at::isfinite(tensor).all().item<bool>()) {
      throw FormatError("Tensor `" + prefix_ + names[0] + "` of \"" +
                        folder_.path + "\" must hold finite values.");
    }
    return tensor.to(target_);
  }

 private:
  [[nodiscard]] const SafetensorsFile& find(
      const std::string& name, const std::vector<std::int64_t>& shape) const {
    const auto found = home_.find(name);
    if (found == home_.end()) {
      throw FormatError("The weights of \"" + folder_.path +
                        "\" must hold the tensor `" + name +
                        "`; they do not.\nDo config.json and weights belong to "
                        "one ESM2 model?");
    }
    const auto& stored = found->second->tensors().at(name).shape;
    if (stored != shape) {
      throw FormatError("Tensor `" + name + "` of \"" + folder_.path +
                        "\" must have the shape " + shape_text(shape) +
                        " that config.json says, not " + shape_text(stored) +
                        ".");
    }
    return *found->second;
  }

  const Esm2Folder& folder_;
  at::TensorOptions target_;
  const std::function<void()>& step_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, const SafetensorsFile*> home_;
  std::string prefix_ = "esm.";
};

Esm2Layer read_layer(const WeightReader& reader, std::int64_t index,
                     const Esm2Config& config) {
  const std::string at = "encoder.layer." + std::to_string(index) + ".";
  const std::string self = at + "attention.self.";
  const std::int64_t d = config.width;
  const std::int64_t inner = config.inner_width;
  Esm2Layer layer;
  layer.attention_norm = reader.step({at + "attention.LayerNorm"}, {d});
  layer.qkv =
      reader.step({self + "query", self + "key", self + "value"}, {d, d});
  layer.out = reader.step({at + "attention.output.dense"}, {d, d});
  layer.norm = reader.step({at + "LayerNorm"}, {d});
  layer.up = reader.step({at + "intermediate.dense"}, {inner, d});
  layer.down = reader.step({at + "output.dense"}, {d, inner});
  return layer;
}

}  // namespace

Esm2Net::Esm2Net(const Esm2Config& config, Esm2Weights weights)
    : config_(config), weights_(std::move(weights)) {
  const std::int64_t head_width = config_.width / config_.heads;
  // Moves the scale of attention from the scores into the weights.
  const double scale = 1.0 / std::sqrt(static_cast<double>(head_width));
  for (Esm2Layer& layer : weights_.layers) {
    layer.qkv.weight.narrow(0, 0, config_.width).mul_(scale);
    layer.qkv.bias.narrow(0, 0, config_.width).mul_(scale);
  }
  const auto device = weights_.tokens.device();
  const auto exponents =
      at::arange(0, head_width, 2, at::TensorOptions(at::kFloat)) /
      static_cast<double>(head_width);
  frequencies_ = at::pow(kRotaryBase, exponents).reciprocal().to(device);
  most_scores_ = device.is_cpu() ? kScoresInCache : kScoresOnGpu;
}

Esm2Net::Rotary Esm2Net::rotary(const Tensor& positions) const {
  const auto angles =
      positions.to(at::kFloat).unsqueeze(1) * frequencies_;  // (T, hd/2)
  const auto type = weights_.tokens.scalar_type();
  return {angles.cos().to(type).unsqueeze(1),
          angles.sin().to(type).unsqueeze(1)};
}

Tensor Esm2Net::norm(const Tensor& x, const Esm2Step& step) const {
  return at::layer_norm(x, {config_.width}, step.weight, step.bias,
                        config_.norm_epsilon);
}

Tensor Esm2Net::attend(const Tensor& qkv, const Rotary& rotary,
                       const PackedTokens& batch) const {
  const std::int64_t heads = config_.heads;
  const std::int64_t head_width = config_.width / heads;
  const auto all = qkv.view({-1, 3 * heads, head_width});  // (T, 3H, hd)
  const auto turned = rotate(all.narrow(1, 0, 2 * heads), rotary.cosine,
                             rotary.sine);              // (T, 2H, hd)
  const auto values = all.narrow(1, 2 * heads, heads);  // (T, H, hd)
  auto context = at::empty({all.size(0), heads, head_width}, qkv.options());
  for (const PackedRun& run : batch.runs) {
    const std::int64_t at_once = std::clamp<std::int64_t>(
        most_scores_ / (run.length * run.length), 1, run.n * heads);
    const auto heads_first = [&](const Tensor& x) {
      return x.narrow(0, run.first, run.n * run.length)
          .view({run.n, run.length, heads, head_width})
          .transpose(1, 2)
          .reshape({run.n * heads, run.length, head_width});  // (nH, L, hd)
    };
    const auto query = heads_first(turned.narrow(1, 0, heads));
    const auto key = heads_first(turned.narrow(1, heads, heads));
    const auto value = heads_first(values);
    auto out = at::empty_like(query);  // (nH, L, hd)
    for (std::int64_t i = 0; i < run.n * heads; i += at_once) {
      const std::int64_t n = std::min(at_once, run.n * heads - i);
      out.narrow(0, i, n).copy_(attention(
          query.narrow(0, i, n), key.narrow(0, i, n), value.narrow(0, i, n)));
    }
    context.narrow(0, run.first, run.n * run.length)
        .view({run.n, run.length, heads, head_width})
        .copy_(
            out.view({run.n, heads, run.length, head_width}).transpose(1, 2));
  }
  return context.view({-1, config_.width});  // (T, D)
}

Tensor Esm2Net::forward(const PackedTokens& batch,
                        const std::function<void()>& after_half) const {
  auto x = weights_.tokens.index_select(0, batch.tokens);  // (T, D)
  if (config_.token_dropout) x.mul_(1.0 - kMaskedInTraining);
  if (config_.norm_before) x = norm(x, weights_.before);
  const Rotary turn = rotary(batch.positions);
  for (const Esm2Layer& layer : weights_.layers) {
    auto h = norm(x, layer.attention_norm);
    h = affine(h, layer.qkv.weight, layer.qkv.bias);  // (T, 3D)
    h = attend(h, turn, batch);
    x.add_(affine(h, layer.out.weight, layer.out.bias));
    after_half();
    h = norm(x, layer.norm);
    h = affine(h, layer.up.weight, layer.up.bias);  // (T, I)
    at::gelu_(h);
    x.add_(affine(h, layer.down.weight, layer.down.bias));  // (T, D)
    after_half();
  }
  return norm(x, weights_.after);
}

Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                              const std::string& device,
                              const std::string& precision,
                              const std::function<void()>& step) {
  const Esm2Config& config = folder.config;
  const auto type = precision == "bfloat16" ? at::kBFloat16 : at::kFloat;
  const WeightReader reader(
      folder, at::TensorOptions(type).device(device_of(device)), step);
  Esm2Weights weights;
  weights.tokens = reader.read({"embeddings.word_embeddings.weight"},
                               {config.vocabulary, config.width});
  if (config.norm_before) {
    weights.before = reader.step({"embeddings.layer_norm"}, {config.width});
  }
  for (std::int64_t i = 0; i < config.layers; ++i) {
    weights.layers.push_back(read_layer(reader, i, config));
  }
  weights.after = reader.step({"encoder.emb_layer_norm_after"}, {config.width});
  return weights;
}

}  // namespace musl::nn
