#pragma once

#include "musl/partners.h"
#include "nn/inputs/batcher.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"
#include "small_world.h"

namespace musl::test {

/// A network and what batch_gradient() needs, without any dropout.
struct TrainingBench {
  explicit TrainingBench(const ArchitectureConfig& arch)
      : world(small_world(arch)),
        preprocess(small_preprocess(world, arch)),
        partners(
            nn::make_partner_inputs(partner_spaces(world.data, preprocess, 1),
                                    world.training, world.training, kGenes, 1)),
        net(arch, nn::input_sizes(world.data, preprocess)),
        batcher(world.data, preprocess, partners, net->input_names(),
                net->sizes(), torch::kCPU),
        genes(net->gene_encoders(), world.data, preprocess, torch::kCPU, 1) {
    nn::initialise(*net, 3);
  }
  SmallWorld world;
  Preprocess preprocess;
  nn::PartnerInputs partners;
  nn::MuslNet net;
  nn::Batcher batcher;
  nn::GeneStage genes;
};

}  // namespace musl::test
