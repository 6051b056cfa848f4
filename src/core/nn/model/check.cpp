#include "nn/model/check.h"

#include <algorithm>

#include "nn/encoders/encoder.h"
#include "nn/inputs/pair_input.h"

namespace musl::nn {

bool reads_partners(const ArchitectureConfig& architecture) {
  const auto& encoders = architecture.encoders;
  return std::any_of(encoders.begin(), encoders.end(), [](const auto& encoder) {
    const auto inputs = pair_inputs(encoder_info(encoder).reads);
    return std::any_of(inputs.begin(), inputs.end(), [](const auto* input) {
      return input->reads_partners();
    });
  });
}

void check_dataset(const ModelState& model, const Dataset& data) {
  check_dataset(model, networks_of(model), data);
}

void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data) {
  const MuslNetImpl& net = *networks.nets.front();
  check_pairs(data.known, data.n_genes);
  const KnownSizes known{model.data, model.preprocess, model.architecture.bins,
                         networks.n_members() * net.gene_width()};
  for (const auto& name : net.wanted().inputs) {
    pair_input(name).check(known, data);
  }
}

}  // namespace musl::nn
