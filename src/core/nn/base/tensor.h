#pragma once

// The only include of LibTorch for encoders and fusion, with the tensor helpers
// that all of them share.

#include <ATen/core/Generator.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/matrix.h"
#include "base/rng.h"

namespace musl::nn {

using at::Tensor;

/// Randomness of one chunk: dropout masks come from a separate generator, so
/// that they do not depend on the thread that works on the chunk and, on the
/// CPU, not on the version of LibTorch. A GPU draws its own, many at once. A
/// null ChunkRng* means evaluation: no dropout.
class ChunkRng {
 public:
  explicit ChunkRng(std::uint64_t seed);
  /// Mask of the shape, type and device of `like`: `set` with probability
  /// `keep`, else 0.
  [[nodiscard]] Tensor bernoulli(const Tensor& like, double keep,
                                 float set = 1.0F);

 private:
  /// Masks that were drawn on a GPU and not yet given out.
  struct Pool {
    double keep = 0;
    float set = 0;
    Tensor values;
    std::int64_t used = 0;
  };
  [[nodiscard]] Tensor from_pool(const Tensor& like, double keep, float set);
  void draw(std::int64_t n, const Tensor& like, Pool* pool);

  Rng rng_;
  at::Generator of_gpu_;  // undefined until it is asked
  std::vector<Pool> pools_;
};

/// Inverted dropout; the identity when rng is null or p == 0.
[[nodiscard]] Tensor dropout(const Tensor& x, double p, ChunkRng* rng);
/// dropout() of ReLU, by one kernel less in its gradient.
[[nodiscard]] Tensor relu_dropout(const Tensor& x, double p, ChunkRng* rng);

using Numbers = std::vector<std::int64_t>;
/// n numbers from `first` on.
[[nodiscard]] Numbers count_from(std::int64_t first, std::int64_t n);
/// (n) int64 each, on a device, by one copy for which nobody waits.
[[nodiscard]] std::vector<Tensor> numbers_on(const std::vector<Numbers>& lists,
                                             const torch::Device& device);
/// Where the next of several tensors in one piece of memory begins, in numbers:
/// `n` rounded up.
[[nodiscard]] constexpr std::int64_t aligned(std::int64_t n) {
  return (n + 63) / 64 * 64;
}
/// Memory of the host from which a copy to the device need not wait.
[[nodiscard]] Tensor host_buffer(at::IntArrayRef sizes, at::ScalarType type,
                                 const torch::Device& device);

/// x with zeros and no gradient where `mask`, which has its first dimensions,
/// is 0.
[[nodiscard]] Tensor only_present(const Tensor& x, const Tensor& mask);

/// Row-major copy of a matrix, (rows, cols) float32 on the CPU.
[[nodiscard]] Tensor to_tensor(const Matrix& matrix);
[[nodiscard]] Matrix to_matrix(const Tensor& tensor);  // (rows, cols)

/// Sets the intra-op threads of LibTorch and OpenBLAS to 1 during its lifetime,
/// then restores them (including R's BLAS threads). Parallelism comes from
/// chunks, so that sums do not depend on the number of threads.
class SingleThreadGuard {
 public:
  SingleThreadGuard();
  ~SingleThreadGuard();
  SingleThreadGuard(const SingleThreadGuard&) = delete;
  SingleThreadGuard& operator=(const SingleThreadGuard&) = delete;

 private:
  int torch_threads_;
  int blas_threads_;
};

/// Applies the guard's limit to a new thread: OpenMP starts each thread with
/// the process's default. The network calls it before it computes.
void adopt_thread_limit();

/// Named tensors of one chunk of B pairs (see encoders/encoder.h for the
/// names).
using TensorMap = std::unordered_map<std::string, Tensor>;

/// A chunk of B pairs as a network reads it: tensors by the names of the inputs
/// (nn/inputs), each (B, ...), and
///
///   gene_a, gene_b    (B, Dg) outputs of the per-gene stages for either gene,
///                     side by side, if an input is per gene
///   mask:<encoder>    (B) 1 if the modality is present for the pair
struct PairBatch {
  std::int64_t size = 0;
  TensorMap tensors;
  ChunkRng* rng = nullptr;  // null: evaluation

  /// InternalError if the chunk lacks it.
  [[nodiscard]] const Tensor& at(const std::string& name) const;
};

/// Sizes of the inputs, by name, known only with data: of one pair's values
/// ({C, K, K} of a histogram); for a per-gene input, the columns of each node
/// block.
class InputSizes {
 public:
  using Shape = std::vector<std::int64_t>;

  /// Empty if there is nothing to read.
  [[nodiscard]] const Shape& of(const std::string& input) const;
  /// Number of values of one pair, 0 if there is nothing to read.
  [[nodiscard]] std::int64_t values(const std::string& input) const;
  /// Sum of the columns of a per-gene input.
  [[nodiscard]] std::int64_t columns(const std::string& input) const;
  void set(const std::string& input, Shape shape);

 private:
  std::map<std::string, Shape> shapes_;
};

/// An encoder and its inputs, all of which a pair must have.
struct Modality {
  std::string encoder;
  std::vector<std::string> inputs;
};

/// Inputs that a network or one of its branches needs for a pair.
struct WantedInputs {
  std::vector<std::string> inputs;
  std::vector<Modality> masks;
};

}  // namespace musl::nn
