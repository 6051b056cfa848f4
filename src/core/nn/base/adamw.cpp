#include "nn/base/adamw.h"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "nn/base/parameters.h"

namespace musl::nn {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;
constexpr double kPi = 3.14159265358979323846;

/// Of one parameter in one step.
struct Rates {
  double decay = 1;       // the parameter's factor
  double step = 0;        // learning rate over the first moment's correction
  double correction = 1;  // of the root of the second moment
};

/// A contiguous part of a parameter.
struct Piece {
  float *parameter, *first, *second;
  const float* gradient;
  std::int64_t n;
  Rates rates;
};

constexpr std::int64_t kPiece = 1 << 15;  // numbers that a thread takes at once
constexpr std::int64_t kCached = 1 << 11;  // ... and that stay in the cache

/// Parameters, their moments and gradients, which are updated together: on a
/// GPU by a few kernels.
struct Together {
  std::vector<Tensor> parameter, first, second, gradient, decayed;
};

void update(const Together& all, const Rates& rates) {
  if (all.parameter.empty()) return;
  const torch::NoGradGuard no_grad;
  if (!all.decayed.empty()) at::_foreach_mul_(all.decayed, rates.decay);
  at::_foreach_mul_(all.first, kBeta1);
  at::_foreach_mul_(all.second, kBeta2);
  at::_foreach_add_(all.first, all.gradient, 1.0 - kBeta1);
  at::_foreach_addcmul_(all.second, all.gradient, all.gradient, 1.0 - kBeta2);
  const auto scale = at::_foreach_sqrt(all.second);
  at::_foreach_div_(scale, rates.correction);
  at::_foreach_add_(scale, kEpsilon);
  at::_foreach_addcdiv_(all.parameter, all.first, scale, -rates.step);
}

/// Like update() of tensors, in one pass over memory.
void update(const Piece& piece) {
  using Values = Eigen::Map<Eigen::ArrayXf>;
  const auto of = [](double x) { return static_cast<float>(x); };
  for (std::int64_t k = 0; k < piece.n; k += kCached) {
    const std::int64_t n = std::min(kCached, piece.n - k);
    Values p(piece.parameter + k, n), m(piece.first + k, n),
        v(piece.second + k, n);
    const Eigen::Map<const Eigen::ArrayXf> g(piece.gradient + k, n);
    m = of(kBeta1) * m + of(1.0 - kBeta1) * g;
    v = of(kBeta2) * v + of(1.0 - kBeta2) * g.square();
    p = of(piece.rates.decay) * p -
        of(piece.rates.step) * m /
            (v.sqrt() / of(piece.rates.correction) + of(kEpsilon));
  }
}

/// Whether it is contiguous in CPU memory.
bool is_dense(const Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 && x.is_contiguous();
}

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
  Rates rates;
  rates.decay = 1.0 - learning_rate * weight_decay_;
  rates.step = learning_rate / (1.0 - std::pow(kBeta1, t));
  rates.correction = std::sqrt(1.0 - std::pow(kBeta2, t));
  Rates undecayed = rates;
  undecayed.decay = 1.0;
  std::vector<Tensor> all = gradients;
  std::vector<Piece> pieces;
  Together others;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor &x = parameters_[i], &m = first_[i], &v = second_[i];
    Tensor& g = all[i];
    if (!g.defined()) g = at::zeros_like(x);
    const bool decays = x.dim() >= 2;
    if (!(is_dense(x) && is_dense(m) && is_dense(v) && is_dense(g))) {
      others.parameter.push_back(x);
      others.first.push_back(m);
      others.second.push_back(v);
      others.gradient.push_back(g);
      if (decays) others.decayed.push_back(x);
      continue;
    }
    for (std::int64_t k = 0; k < x.numel(); k += kPiece) {
      pieces.push_back({x.data_ptr<float>() + k, m.data_ptr<float>() + k,
                        v.data_ptr<float>() + k, g.data_ptr<float>() + k,
                        std::min(kPiece, x.numel() - k),
                        decays ? rates : undecayed});
    }
  }
  update(others, rates);
  parallel_for(size_of(pieces), threads,
               [&](std::int64_t i) { update(pieces[at(i)]); });
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
