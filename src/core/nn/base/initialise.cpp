#include "nn/base/initialise.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "musl/rng.h"

namespace musl::nn {

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

bool has_prefix(const std::string& name,
                const std::vector<std::string>& prefixes) {
  return prefixes.empty() ||
         std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
           return name.rfind(prefix, 0) == 0;
         });
}

void initialise(torch::nn::Module& module, std::uint64_t seed,
                const std::vector<std::string>& prefixes) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, Tensor> by_name;
  for (const auto& item : module.named_parameters()) {
    by_name.emplace(item.key(), item.value());
  }
  std::uint64_t number = 0;
  for (auto& [name, tensor] : by_name) {
    Rng rng(derive_seed(seed, number++));
    if (!has_prefix(name, prefixes)) continue;
    if (tensor.dim() < 2) {
      tensor.fill_(ends_with(name, "weight") ? 1.0 : 0.0);
      continue;
    }
    const double gain = tensor.dim() > 2 ? 6.0 : 1.0;
    fill_uniform(std::sqrt(gain / static_cast<double>(fan_in(tensor))), &rng,
                 &tensor);
  }
}

}  // namespace musl::nn
