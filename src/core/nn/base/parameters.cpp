#include "nn/base/parameters.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "base/row_codes.h"

namespace musl::nn {

namespace {

/// On the CPU, whatever the device.
Tensor with_rounded_rows(const Tensor& matrix) {
  Tensor rows =
      matrix.detach().to(torch::kCPU, torch::kFloat32).contiguous().clone();
  const std::int64_t n = rows.size(0);
  if (n == 0) return rows;
  const std::int64_t columns = rows.numel() / n;
  for (std::int64_t i = 0; i < n; ++i) {
    round_row(rows.data_ptr<float>() + i * columns, at(columns));
  }
  return rows;
}

void fill_uniform(double half_width, Rng* rng, Tensor* tensor) {
  std::vector<float> values(at(tensor->numel()));
  for (auto& value : values) {
    value = static_cast<float>((2.0 * rng->uniform() - 1.0) * half_width);
  }
  tensor->copy_(torch::tensor(values).view(tensor->sizes()));
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + ")";
}

std::int64_t NamedParameters::count() const {
  std::int64_t total = 0;
  for (const auto& tensor : tensors) total += tensor.numel();
  return total;
}

NamedParameters parameters_of(const torch::nn::Module& module) {
  NamedParameters result;
  const auto all = module.named_parameters(/*recurse=*/true);
  for (const auto& item : all) result.names.push_back(item.key());
  std::sort(result.names.begin(), result.names.end());
  for (const auto& name : result.names) result.tensors.push_back(all[name]);
  return result;
}

void put_tensor(const std::string& name, const Tensor& tensor,
                Archive* archive) {
  const Tensor host =
      tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  archive->put(name, host.sizes().vec(), host.data_ptr<float>());
}

void copy_tensor(const Archive& archive, const std::string& name,
                 Tensor* target) {
  auto values = archive.floats(name);
  const auto expected = target->sizes().vec();
  if (archive.shape(name) != expected) {
    throw FormatError("Tensor \"" + name + "\" has shape " +
                      shape_text(archive.shape(name)) + " instead of " +
                      shape_text(expected) + ".");
  }
  const torch::NoGradGuard no_grad;
  target->copy_(torch::from_blob(values.data(), expected, torch::kFloat32));
}

void put_parameters(const std::string& prefix, const NamedParameters& from,
                    Archive* archive) {
  for (std::size_t i = 0; i < from.names.size(); ++i) {
    put_tensor(prefix + from.names[i], from.tensors[i], archive);
  }
}

void copy_parameters(const Archive& archive, const std::string& prefix,
                     const NamedParameters& into) {
  for (std::size_t i = 0; i < into.names.size(); ++i) {
    Tensor target = into.tensors[i];
    copy_tensor(archive, prefix + into.names[i], &target);
  }
}

void round_weights(const NamedParameters& parameters) {
  const torch::NoGradGuard no_grad;
  for (const Tensor& target : parameters.tensors) {
    target.copy_(target.dim() < 2 ? target.to(torch::kFloat16)
                                  : with_rounded_rows(target));
  }
}

std::vector<Tensor> snapshot(const NamedParameters& from) {
  std::vector<Tensor> values;
  values.reserve(from.tensors.size());
  for (const auto& tensor : from.tensors) {
    values.push_back(tensor.detach().clone());
  }
  return values;
}

void restore(const std::vector<Tensor>& values, const NamedParameters& into) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Tensor target = into.tensors[i];
    target.copy_(values[i]);
  }
}

void initialise(torch::nn::Module& module, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const auto all = parameters_of(module);
  for (std::size_t i = 0; i < all.names.size(); ++i) {
    Rng rng(derive_seed(seed, i));
    Tensor tensor = all.tensors[i];
    const std::string& name = all.names[i];
    if (tensor.dim() < 2) {
      const bool scales = name.substr(name.rfind('.') + 1) == "weight";
      tensor.fill_(scales ? 1.0 : 0.0);
      continue;
    }
    // Numbers that feed one output: columns of a matrix, cells of a kernel.
    const auto fan_in =
        tensor.numel() / std::max<std::int64_t>(tensor.size(0), 1);
    const double gain = tensor.dim() > 2 ? 6.0 : 1.0;
    fill_uniform(std::sqrt(gain / static_cast<double>(fan_in)), &rng, &tensor);
  }
}

}  // namespace musl::nn
