#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/pair_set.h"
#include "data/dataset.h"
#include "data/partners.h"
#include "data/preprocess.h"

namespace musl::nn {

/// Inputs from the known pairs: the SL graph, and the features of known pairs
/// that will be requested.
struct PartnerInputs {
  KnownPartners known;
  OutOfFold table;
};

/// asked  pairs for which the table is made; they need not be known
[[nodiscard]] PartnerInputs make_partner_inputs(const GeneSpaces& spaces,
                                                const PairSet& known,
                                                const PairSet& asked,
                                                std::int64_t n_genes,
                                                int threads);

/// Data from which inputs are made. Members must outlive its users.
struct InputContext {
  const Dataset& data;
  const Preprocess& preprocess;
  const PartnerInputs& partners;
};

/// What inputs learn from.
struct LearnContext {
  const Dataset& data;
  const PairSet& training;   // of all members
  const GeneSpaces* spaces;  // of known partners; null: not read
  int threads = 1;
};

/// A model's sizes, which a dataset must match.
struct KnownSizes {
  const Dataset& data;  // the model's, or its reference
  const Preprocess& preprocess;
  int bins = 32;
  std::int64_t gene_columns = 0;  // of all members' gene vectors
};

/// An input of the network for a pair.
///
/// A new input is one new file with one registration (register_input), without
/// LibTorch: it fills plain floats. Batcher, masks, sizes, scalers, checks,
/// and model files iterate over the registry. Inputs are
/// stateless and reentrant.
class PairInput : public Interface {
 public:
  using Shape = std::vector<std::int64_t>;

  [[nodiscard]] virtual std::string name() const = 0;
  /// The data it is made from, any of which suffices: "expression", "network",
  /// "embeddings", "pairs" (labelled).
  [[nodiscard]] virtual std::vector<std::string> reads() const = 0;

  /// Sizes of one pair's values, e.g. {C, K, K}; empty: nothing to read. For a
  /// model without its inputs they must follow from its scalers and bin edges.
  [[nodiscard]] virtual Shape shape(const Dataset& data,
                                    const Preprocess& preprocess) const = 0;
  /// Learns its scalers on the training pairs: Preprocess::pair_scalers, which
  /// a model file stores by name.
  virtual void learn(const LearnContext& /*context*/,
                     Preprocess* /*out*/) const {}

  /// Whether there is anything to read.
  [[nodiscard]] virtual bool available(const Dataset& data) const = 0;
  /// Whether the pair has this input. If not, its values may be any finite
  /// numbers.
  [[nodiscard]] virtual bool present(const InputContext& context,
                                     std::int32_t a, std::int32_t b) const = 0;
  /// Writes the pairs' values one after another; each pair has a <= b.
  ///
  /// width  values of a pair: the product of the network's shape
  virtual void make(const InputContext& context, const PairSet& pairs,
                    std::int64_t width, float* out) const = 0;

  /// Names of a pair's values, with {a} and {b} for the two genes; empty if
  /// they have no names.
  [[nodiscard]] virtual std::vector<std::string> terms(
      const InputContext& /*context*/) const {
    return {};
  }

  /// Whether per-gene stages make it ("gene_a", "gene_b") instead of make().
  [[nodiscard]] virtual bool is_per_gene() const { return false; }
  /// Whether its values are worth keeping in the host's memory during training,
  /// or too large compared with their cohorts.
  [[nodiscard]] virtual bool is_kept() const { return true; }
  /// Whether it reads known partners, so that their spaces must be made.
  [[nodiscard]] virtual bool reads_partners() const { return false; }

  /// ShapeError that names the difference if a model of these sizes cannot read
  /// `data`. Data that passes is never read out of bounds.
  virtual void check(const KnownSizes& /*known*/,
                     const Dataset& /*data*/) const {}
  /// The same for the features of known partners.
  virtual void check_partners(const InputContext& /*context*/) const {}
};

/// Adds an input under its name; returns true (for a static initialiser).
bool register_input(std::unique_ptr<PairInput> input);
/// A registered input; InputError that lists the names otherwise.
[[nodiscard]] const PairInput& pair_input(const std::string& name);
[[nodiscard]] std::vector<const PairInput*> pair_inputs(
    const std::vector<std::string>& names);
/// All registered inputs, ordered by name.
[[nodiscard]] std::vector<const PairInput*> all_inputs();

/// ShapeError unless found == expected: "The data must have <expected> <what>".
void require_equal(std::int64_t found, std::int64_t expected,
                   const std::string& what);

}  // namespace musl::nn
