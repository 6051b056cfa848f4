#include "nn/base/adamw.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "musl/error.h"
#include "musl/parallel.h"
#include "nn/base/weights.h"

namespace musl::nn {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;
constexpr double kPi = 3.14159265358979323846;

/// From `first` to `last` along half a cosine; share in [0, 1].
double cosine_between(double first, double last, double share) {
  return last + (first - last) * 0.5 * (1.0 + std::cos(kPi * share));
}

}  // namespace

AdamW::AdamW(std::vector<std::string> names, std::vector<Tensor> parameters,
             double weight_decay)
    : names_(std::move(names)),
      parameters_(std::move(parameters)),
      weight_decay_(weight_decay) {
  for (const auto& parameter : parameters_) {
    first_.push_back(torch::zeros_like(parameter.detach()));
    second_.push_back(torch::zeros_like(parameter.detach()));
  }
}

void AdamW::step(const std::vector<Tensor>& gradients, double learning_rate,
                 int threads) {
  ++step_;
  const auto t = static_cast<double>(step_);
  const double correction1 = 1.0 - std::pow(kBeta1, t);
  const double correction2 = std::sqrt(1.0 - std::pow(kBeta2, t));
  const auto update = [&](std::int64_t k) {
    const torch::NoGradGuard no_grad;
    const auto i = static_cast<std::size_t>(k);
    Tensor& parameter = parameters_[i];
    if (parameter.dim() >= 2)
      parameter.mul_(1.0 - learning_rate * weight_decay_);
    first_[i].mul_(kBeta1);
    second_[i].mul_(kBeta2);
    if (gradients[i].defined()) {
      first_[i].add_(gradients[i], 1.0 - kBeta1);
      second_[i].addcmul_(gradients[i], gradients[i], 1.0 - kBeta2);
    }
    const Tensor scale = second_[i].sqrt().div_(correction2).add_(kEpsilon);
    parameter.addcdiv_(first_[i], scale, -learning_rate / correction1);
  };
  parallel_for(static_cast<std::int64_t>(parameters_.size()), threads, update);
}

void AdamW::save(const std::string& prefix, Archive* archive) const {
  archive->put(prefix + "step", {1}, &step_);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    put_tensor(prefix + "first/" + names_[i], first_[i], archive);
    put_tensor(prefix + "second/" + names_[i], second_[i], archive);
  }
}

void AdamW::load(const std::string& prefix, const Archive& archive) {
  const torch::NoGradGuard no_grad;
  const auto step = archive.longs(prefix + "step");
  if (step.size() != 1 || step[0] < 0) {
    throw FormatError("The optimiser's step must be one number >= 0.");
  }
  step_ = step[0];
  for (std::size_t i = 0; i < names_.size(); ++i) {
    copy_tensor(archive, prefix + "first/" + names_[i], &first_[i]);
    copy_tensor(archive, prefix + "second/" + names_[i], &second_[i]);
  }
}

double one_cycle(std::int64_t step, std::int64_t total, double peak,
                 double warmup) {
  const auto last = static_cast<double>(std::max<std::int64_t>(total - 1, 0));
  const double top =
      std::clamp(warmup * static_cast<double>(total) - 1.0, 0.0, last);
  const double now = std::clamp(static_cast<double>(step), 0.0, last);
  if (now < top) return cosine_between(peak / 25.0, peak, now / top);
  if (last <= top) return peak;
  return cosine_between(peak, peak / 1e4, (now - top) / (last - top));
}

}  // namespace musl::nn
