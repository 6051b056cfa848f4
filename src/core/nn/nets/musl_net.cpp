#include "nn/nets/musl_net.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "musl/error.h"
#include "musl/rng.h"
#include "nn/base/weights.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kProjection = 64;  // P, width of the contrastive heads
constexpr std::int64_t kHeadHidden[] = {128, 64};

using Group = std::shared_ptr<torch::nn::Module>;

/// Drops modalities with probability p, but never all that a pair has.
Tensor drop_modalities(const Tensor& present, double p, ChunkRng* rng) {
  if (rng == nullptr || p <= 0.0 || present.size(1) < 2) return present;
  const auto kept = present * rng->bernoulli(present, 1.0 - p);  // (B, M)
  const auto any = kept.sum(1, /*keepdim=*/true) > 0;            // (B, 1)
  return torch::where(any, kept, present);
}

/// (B, D) with zeros, and no gradient, in the rows that `mask` (B) lacks.
Tensor only_present(const Tensor& x, const Tensor& mask) {
  return x.masked_fill((mask == 0).unsqueeze(1), 0.0);
}

/// A frozen encoder, out of training mode, runs without dropout.
Tensor encode(Encoder* encoder, const PairBatch& batch) {
  if (encoder->is_training() || batch.rng == nullptr) {
    return encoder->forward(batch);
  }
  PairBatch plain = batch;
  plain.rng = nullptr;
  return encoder->forward(plain);
}

}  // namespace

MuslNetImpl::MuslNetImpl(const ArchitectureConfig& config,
                         const InputSizes& sizes)
    : config_(config), sizes_(sizes) {
  if (config.encoders.empty()) {
    throw InputError("encoders must name at least one encoder; found none.");
  }
  add_modalities();
  if (config.fusion == "attention") {
    attention_ = register_module(
        "attention",
        CrossAttention(config.fusion_width, config.heads, config.dropout));
  } else if (config.fusion != "gate") {
    throw InputError("fusion must be \"gate\" or \"attention\"; found \"" +
                     config.fusion + "\".");
  }
  gate_ = register_module("gate", GatedFusion(config.fusion_width));
  head_ = register_module(
      "head", Mlp(std::vector<std::int64_t>{config.fusion_width, kHeadHidden[0],
                                            kHeadHidden[1], 1},
                  /*norm=*/false, config.dropout));
}

void MuslNetImpl::add_modalities() {
  const auto group = [this](const char* name) {
    return register_module(name, std::make_shared<torch::nn::Module>());
  };
  const Group encoders = group("encoder"), adapters = group("adapter"),
              branches = group("branch");
  const Group projectors = config_.alignment > 0 ? group("project") : nullptr;
  for (const auto& name : config_.encoders) {
    const auto encoder = make_encoder(name, config_, sizes_);
    encoder->place_genes(gene_width());
    encoders_.push_back(encoders->register_module(name, encoder));
    const int width = encoder->width();
    adapters_.push_back(
        adapters->register_module(name, Adapter(width, config_.fusion_width)));
    branches_.push_back(
        branches->register_module(name, BranchHead(width, config_.dropout)));
    if (projectors != nullptr) {
      projectors_.push_back(projectors->register_module(
          name, Mlp(std::vector<std::int64_t>{width, kProjection, kProjection},
                    /*norm=*/false, /*dropout=*/0.0)));
    }
  }
}

NetOutput MuslNetImpl::forward(const PairBatch& batch) {
  adopt_thread_limit();
  NetOutput out;
  std::vector<Tensor> vectors, logits, masks;
  const auto fused_flags = fused_encoders();
  for (std::size_t m = 0; m < encoders_.size(); ++m) {
    if (fused_flags[m] < 0.5f && batch.rng != nullptr) {
      skip_late(m, batch, &out, &vectors, &logits, &masks);
      continue;
    }
    const auto z = encode(encoders_[m].get(), batch);                 // (B, D)
    const auto mask = encoders_[m]->mask(batch).to(z.scalar_type());  // (B)
    vectors.push_back(only_present(adapters_[m]->forward(z), mask));
    logits.push_back(
        branches_[m]->forward(z, batch.rng).masked_fill(mask == 0, 0.0));
    if (!projectors_.empty()) {
      out.projected.push_back(
          only_present(projectors_[m]->forward(z, batch.rng), mask));
    }
    masks.push_back(mask);
  }
  out.available = torch::stack(masks, 1);  // (B, M)
  const auto fused_here =
      torch::tensor(fused_flags).to(out.available.options());  // (M)
  out.present = drop_modalities(out.available * fused_here,
                                config_.modality_dropout, batch.rng);
  auto h = torch::stack(vectors, 1);  // (B, M, fusion width)
  if (!attention_.is_empty()) {
    h = attention_->forward(h, out.present, batch.rng);
  }
  auto fused = gate_->forward(h, out.present);
  out.logit = head_->forward(fused.vector, batch.rng).squeeze(1);  // (B)
  out.branch_logits = torch::stack(logits, 1);                     // (B, M)
  out.gates = std::move(fused.gates);
  out.fused = std::move(fused.vector);
  return out;
}

/// Training what is fused does not hear late branches.
void MuslNetImpl::skip_late(std::size_t m, const PairBatch& batch,
                            NetOutput* out, std::vector<Tensor>* vectors,
                            std::vector<Tensor>* logits,
                            std::vector<Tensor>* masks) const {
  const auto mask = encoders_[m]->mask(batch).to(
      head_->parameters().front().scalar_type());  // (B)
  const auto zero =
      torch::zeros({batch.size, config_.fusion_width}, mask.options());
  vectors->push_back(zero);
  logits->push_back(torch::zeros_like(mask));
  masks->push_back(mask);
  if (!projectors_.empty()) {
    out->projected.push_back(
        torch::zeros({batch.size, kProjection}, mask.options()));
  }
}

Tensor MuslNetImpl::branch_forward(int index, const PairBatch& batch) {
  adopt_thread_limit();
  const auto m = static_cast<std::size_t>(index);
  const auto z = encoders_.at(m)->forward(batch);
  return branches_[m]
      ->forward(z, batch.rng)
      .masked_fill(encoders_[m]->mask(batch) == 0, 0.0);  // (B)
}

std::vector<Encoder*> MuslNetImpl::gene_encoders() const {
  std::vector<Encoder*> found;
  for (const auto& encoder : encoders_) {
    if (encoder->gene_width() > 0) found.push_back(encoder.get());
  }
  return found;
}

std::int64_t MuslNetImpl::gene_width() const {
  std::int64_t width = 0;
  for (const auto* encoder : gene_encoders()) width += encoder->gene_width();
  return width;
}

std::vector<float> MuslNetImpl::fused_encoders() const {
  std::vector<float> fused;
  for (const auto& encoder : encoders_) {
    fused.push_back(encoder->is_late() && encoders_.size() > 1 ? 0.0f : 1.0f);
  }
  return fused;
}

std::vector<std::string> MuslNetImpl::input_names() const {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  };
  for (const auto& encoder : encoders_) {
    for (const auto& name : encoder->inputs()) add(name);
    add("mask:" + encoder->encoder_name());
  }
  add("seen");  // stacking weighs branches by it
  return names;
}

namespace {

/// Numbers that feed one output: columns of a matrix, cells of a kernel.
std::int64_t fan_in(const Tensor& weight) {
  return weight.numel() / std::max<std::int64_t>(weight.size(0), 1);
}

void fill_uniform(double half_width, Rng* rng, Tensor* tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor->numel()));
  for (auto& value : values) {
    value = static_cast<float>((2.0 * rng->uniform() - 1.0) * half_width);
  }
  tensor->copy_(torch::tensor(values).view(tensor->sizes()));
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

void initialise(torch::nn::Module& module, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, Tensor> by_name;
  for (const auto& item : module.named_parameters()) {
    by_name.emplace(item.key(), item.value());
  }
  std::uint64_t number = 0;
  for (auto& [name, tensor] : by_name) {
    Rng rng(derive_seed(seed, number++));
    if (tensor.dim() < 2) {
      tensor.fill_(ends_with(name, "weight") ? 1.0 : 0.0);
      continue;
    }
    const double gain = tensor.dim() > 2 ? 6.0 : 1.0;
    fill_uniform(std::sqrt(gain / static_cast<double>(fan_in(tensor))), &rng,
                 &tensor);
  }
}

MuslNet copy_net(const MuslNet& net, torch::Device device) {
  MuslNet result(net->config(), net->sizes());
  restore(snapshot(parameters_of(*net)), parameters_of(*result));
  result->to(device);
  result->train(net->is_training());
  return result;
}

}  // namespace musl::nn
