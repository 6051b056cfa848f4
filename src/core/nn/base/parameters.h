#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// "(2, 3)"
[[nodiscard]] std::string shape_text(const std::vector<std::int64_t>& shape);

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

/// Initialises parameters from `seed` alone, in name order, without using or
/// changing torch's global generator: Kaiming uniform with half-width 1 /
/// sqrt(fan in) for matrices and sqrt(6 / fan in) for kernels, zero biases,
/// LayerNorm 1/0. Source: He et al. (2015), arXiv 1502.01852.
void initialise(torch::nn::Module& module, std::uint64_t seed);

}  // namespace musl::nn
