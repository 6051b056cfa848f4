#pragma once

// Parameters of a network by name, in and out of archives.

#include <string>
#include <vector>

#include "musl/archive.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// Names and parameters of a network, ordered by name.
struct NamedParameters {
  std::vector<std::string> names;
  std::vector<Tensor> tensors;

  [[nodiscard]] std::int64_t count() const;  // scalars in all
};

[[nodiscard]] NamedParameters parameters_of(const torch::nn::Module& module);

/// Stores a tensor as F32.
void put_tensor(const std::string& name, const Tensor& tensor,
                Archive* archive);

/// Copies an F32 tensor of an archive into `target`; FormatError if the shape
/// differs.
void copy_tensor(const Archive& archive, const std::string& name,
                 Tensor* target);

/// Stores all parameters under "<prefix><name>".
void put_parameters(const std::string& prefix, const NamedParameters& from,
                    Archive* archive);
void copy_parameters(const Archive& archive, const std::string& prefix,
                     const NamedParameters& into);

/// Rounds parameters as a model stores them: each row of a matrix to integers
/// times a scale (round_row()), the others to half precision.
void round_weights(const NamedParameters& parameters);

/// Detached copies, in the order of `from`; and back.
[[nodiscard]] std::vector<Tensor> snapshot(const NamedParameters& from);
void restore(const std::vector<Tensor>& values, const NamedParameters& into);

}  // namespace musl::nn
