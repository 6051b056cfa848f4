#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/partners.h"
#include "musl/preprocess.h"
#include "nn/inputs/pair_table.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// What the known pairs tell: the SL graph, and the features of those of its
/// own pairs that somebody is going to ask for.
struct PartnerInputs {
  KnownPartners known;
  OutOfFold table;
};

/// asked  pairs for which the table is made; they need not be known
[[nodiscard]] PartnerInputs make_partner_inputs(
    const std::vector<NodeBlock>& spaces, const PairSet& known,
    const PairSet& asked, std::int64_t n_genes, int threads);

/// Makes the tensors of chunks of pairs, from one dataset with one
/// preprocessing. Reentrant: threads may build chunks at the same time.
class Batcher {
 public:
  /// inputs  names of the tensors to make (MuslNet::input_names()); those of
  ///         the per-gene stage ("gene_a", "gene_b") are left to GeneStage
  /// silent  encoders that are masked throughout
  Batcher(const Dataset& data, const Preprocess& preprocess,
          const PartnerInputs& partners, std::vector<std::string> inputs,
          const InputSizes& sizes, torch::Device device,
          std::vector<std::string> silent = {});

  /// The tensors of `pairs`, in canonical order (a <= b) so that (a, b) and
  /// (b, a) agree to the bit.
  [[nodiscard]] PairBatch make(const PairSet& pairs) const;

  /// Makes the tensors of these pairs now; make() then takes them from memory,
  /// with the same bits. Histograms are left out, being larger than what makes
  /// them, and so is all of it beyond kMostKept bytes or what the device has
  /// room for. `tick` as in parallel_for().
  void keep(const PairSet& pairs, int threads,
            const std::function<bool()>& tick = {});
  static constexpr std::int64_t kMostKept = std::int64_t{1} << 29;
  /// Gives up what is kept, for memory; false when there is nothing.
  bool forget();

  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  /// Where it goes to a GPU, in memory that is copied there without waiting.
  [[nodiscard]] Tensor host_tensor(std::vector<std::int64_t> shape) const;
  [[nodiscard]] Tensor make_tensor(const std::string& name,
                                   const PairSet& pairs) const;
  [[nodiscard]] Tensor histograms(const PairSet& pairs) const;
  [[nodiscard]] Tensor descriptors(const PairSet& pairs) const;
  [[nodiscard]] Tensor seen(const PairSet& pairs) const;
  [[nodiscard]] Tensor topology(const PairSet& pairs) const;
  [[nodiscard]] Tensor partners(const PairSet& pairs) const;
  [[nodiscard]] Tensor mask(const std::string& encoder,
                            const PairSet& pairs) const;

  const Dataset& data_;
  const Preprocess& preprocess_;
  const PartnerInputs& partners_;
  std::vector<std::string> inputs_;
  InputSizes sizes_;
  torch::Device device_;
  std::vector<std::string> silent_;
  std::optional<PairTable> kept_;
};

/// Pairs `index[first .. first + n)` of `pairs`, each with a <= b; labels come
/// along where there are any.
[[nodiscard]] PairSet take_pairs(const PairSet& pairs,
                                 const std::vector<std::int64_t>& index,
                                 std::int64_t first, std::int64_t n);

/// 1 where the dataset has what `encoder` reads for both genes; "partners": for
/// either.
[[nodiscard]] bool has_modality(const Dataset& data, const KnownPartners& known,
                                const std::string& encoder, std::int32_t a,
                                std::int32_t b);

/// has_modality() of each pair, 0/1: of encoder number `encoder`, or of any
/// when that is negative.
[[nodiscard]] std::vector<std::uint8_t> pairs_with_data(
    const Dataset& data, const KnownPartners& known,
    const std::vector<std::string>& encoders, int encoder,
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
