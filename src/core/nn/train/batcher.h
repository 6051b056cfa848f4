#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/preprocess.h"
#include "nn/musl_net.h"

namespace musl::nn {

/// Makes the tensors of chunks of pairs, from one dataset with one
/// preprocessing. Reentrant: threads may build chunks at the same time.
class Batcher {
 public:
  /// inputs  names of the tensors to make (MuslNet::input_names()); those of
  ///         the per-gene stage ("gene_a", "gene_b") are left to GeneStage
  Batcher(const Dataset& data, const Preprocess& preprocess,
          std::vector<std::string> inputs, const InputSizes& sizes,
          torch::Device device);

  /// The tensors of `pairs`, in canonical order (a <= b) so that (a, b) and
  /// (b, a) agree to the bit.
  [[nodiscard]] PairBatch make(const PairSet& pairs) const;

  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  [[nodiscard]] Tensor make_tensor(const std::string& name,
                                   const PairSet& pairs) const;
  [[nodiscard]] Tensor histograms(const PairSet& pairs) const;
  [[nodiscard]] Tensor descriptors(const PairSet& pairs) const;
  [[nodiscard]] Tensor seen(const PairSet& pairs) const;
  [[nodiscard]] Tensor topology(const PairSet& pairs) const;
  [[nodiscard]] Tensor mask(const std::string& encoder,
                            const PairSet& pairs) const;

  const Dataset& data_;
  const Preprocess& preprocess_;
  std::vector<std::string> inputs_;
  InputSizes sizes_;
  torch::Device device_;
};

/// Pairs `index[first .. first + n)` of `pairs`, each with a <= b; labels come
/// along where there are any.
[[nodiscard]] PairSet take_pairs(const PairSet& pairs,
                                 const std::vector<std::int64_t>& index,
                                 std::int64_t first, std::int64_t n);

/// 1 where the dataset has what `encoder` reads for both genes.
[[nodiscard]] bool has_modality(const Dataset& data, const std::string& encoder,
                                std::int32_t a, std::int32_t b);

/// has_modality() of each pair, 0/1: of encoder number `encoder`, or of any
/// when that is negative.
[[nodiscard]] std::vector<std::uint8_t> pairs_with_data(
    const Dataset& data, const std::vector<std::string>& encoders, int encoder,
    const PairSet& pairs);

/// Names of the tensors that a branch reads; of the whole network for -1.
[[nodiscard]] std::vector<std::string> inputs_of(const MuslNetImpl& net,
                                                 int branch);
/// Does it read gene vectors?
[[nodiscard]] bool reads_genes(const MuslNetImpl& net, int branch);

/// Sizes for the network that reads this dataset.
[[nodiscard]] InputSizes input_sizes(const Dataset& data,
                                     const Preprocess& preprocess);

}  // namespace musl::nn
