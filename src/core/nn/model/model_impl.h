#pragma once

#include "musl/model.h"
#include "musl/partners.h"
#include "musl/preprocess.h"
#include "musl/stacking.h"
#include "nn/nets/musl_net.h"

namespace musl {

/// Puts the columns of `more` behind those of `to`.
void append_columns(const Matrix& more, Matrix* to);

/// Does the network read known partners?
[[nodiscard]] bool reads_partners(const ArchitectureConfig& architecture);

/// What a model is made of.
struct Model::Impl {
  ArchitectureConfig architecture;
  Preprocess preprocess;
  std::vector<nn::MuslNet> nets;  // members, on the CPU, in evaluation mode
  StackWeights stack;
  Dataset data;             // kept inputs, or what reference() promises
  bool has_inputs = false;  // false: `data` is a reference only

  [[nodiscard]] const nn::MuslNetImpl& net() const { return *nets.front(); }
  [[nodiscard]] bool reads_partners() const {
    return musl::reads_partners(architecture);
  }
  [[nodiscard]] int n_members() const { return static_cast<int>(nets.size()); }
};

namespace nn {

/// Sizes, names and columns of `data` against what the model reads; ShapeError
/// that names the difference. A dataset that passes cannot be read out of
/// bounds.
void check_dataset(const Model::Impl& model, const Dataset& data);

/// The same for the features of known partners.
void check_partners(const Model::Impl& model, const KnownPartners& partners);

}  // namespace nn
}  // namespace musl
