#include "nn/base/weights.h"

#include <algorithm>

#include "musl/error.h"

namespace musl::nn {

namespace {

std::string show_shape(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + ")";
}

}  // namespace

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
    throw FormatError("Tensor \"" + name + "\" has the shape " +
                      show_shape(archive.shape(name)) + " where " +
                      show_shape(expected) + " belongs.");
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

void round_to_halves(const NamedParameters& parameters) {
  const torch::NoGradGuard no_grad;
  for (Tensor target : parameters.tensors) {
    target.copy_(target.to(torch::kFloat16).to(target.dtype()));
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

}  // namespace musl::nn
