#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/preprocess.h"
#include "nn/inputs/partner_inputs.h"

namespace musl::nn {

/// What inputs are made from. Members must outlive what is made of them.
struct InputContext {
  const Dataset& data;
  const Preprocess& preprocess;
  const PartnerInputs& partners;
};

/// What inputs learn from.
struct LearnContext {
  const Dataset& data;
  const PairSet& training;               // of all members
  const std::vector<NodeBlock>* spaces;  // of known partners; null: not read
  int threads = 1;
};

/// A model's own sizes, which a dataset is held against.
struct KnownSizes {
  const Dataset& data;  // the model's, or its reference
  const Preprocess& preprocess;
  int bins = 32;
  std::int64_t gene_columns = 0;  // of all members' gene vectors
};

/// Documentation of an input, as musl_inputs() shows it.
struct InputText {
  std::string shape;  // in words
  std::string about;  // a sentence
};

/// Something a network may read of a pair.
///
/// A new input is one new file with one registration (register_input), in a
/// room without LibTorch: it fills plain floats. Batcher, masks, sizes,
/// scalers, checks, model files and musl_inputs() walk the registry. It holds
/// no state of its own; all of it is reentrant.
class PairInput {
 public:
  using Shape = std::vector<std::int64_t>;

  PairInput() = default;
  PairInput(const PairInput&) = delete;
  PairInput& operator=(const PairInput&) = delete;
  virtual ~PairInput() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual InputText text() const = 0;
  /// The data that it is made from, any of which is enough: "expression",
  /// "network", "embeddings", "pairs" (labelled), "table:<name>" (the user's).
  [[nodiscard]] virtual std::vector<std::string> reads() const = 0;

  /// Sizes of one pair's values, e.g. {C, K, K}; empty: nothing to read. A
  /// model without its inputs must tell them from its scalers and bin edges.
  [[nodiscard]] virtual Shape shape(const Dataset& data,
                                    const Preprocess& preprocess) const = 0;
  /// Learns its scalers on the training pairs: Preprocess::pair_scalers, which
  /// a model file keeps by their names.
  virtual void learn(const LearnContext& context, Preprocess* out) const;

  /// Is there anything to read at all?
  [[nodiscard]] virtual bool available(const Dataset& data) const = 0;
  /// Is it there for this pair? Else its values may be anything finite.
  [[nodiscard]] virtual bool present(const InputContext& context,
                                     std::int32_t a, std::int32_t b) const = 0;
  /// The pairs' values one after the other; each pair has a <= b.
  ///
  /// width  values of a pair: the product of the network's shape
  virtual void make(const InputContext& context, const PairSet& pairs,
                    std::int64_t width, float* out) const = 0;

  /// Names of a pair's values, {a} and {b} for the two genes; none where they
  /// have none.
  [[nodiscard]] virtual std::vector<std::string> terms(
      const InputContext& context) const {
    (void)context;
    return {};
  }

  /// Is it made by the per-gene stages ("gene_a", "gene_b") instead of make()?
  [[nodiscard]] virtual bool is_per_gene() const { return false; }
  /// Are its values worth keeping through a training, or larger than what they
  /// are made of?
  [[nodiscard]] virtual bool is_kept() const { return true; }
  /// Does it read known partners, so that their spaces are to be made?
  [[nodiscard]] virtual bool reads_partners() const { return false; }

  /// ShapeError that names the difference where `data` is none that a model of
  /// these sizes can read. What passes is not read out of bounds.
  virtual void check(const KnownSizes& known, const Dataset& data) const;
  /// The same of the features of known partners.
  virtual void check(const InputContext& context) const;
};

/// Adds an input under its name; returns true (for a static initialiser).
bool register_input(std::unique_ptr<PairInput> input);
/// A registered input; InputError that lists the names otherwise.
[[nodiscard]] const PairInput& pair_input(const std::string& name);
[[nodiscard]] std::vector<const PairInput*> pair_inputs(
    const std::vector<std::string>& names);
/// All of them, in the order of their names.
[[nodiscard]] std::vector<const PairInput*> all_inputs();

/// ShapeError unless found == expected: "The data must have <expected> <what>".
void require_equal(std::int64_t found, std::int64_t expected,
                   const std::string& what);

}  // namespace musl::nn
