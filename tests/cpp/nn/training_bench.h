#pragma once

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "data/partner_spaces.h"
#include "nn/base/device.h"
#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/inputs/batcher.h"
#include "nn/learn/learner.h"
#include "nn/learn/musl_learner.h"
#include "nn/learn/musl_phases.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/trainer.h"
#include "small_world.h"

namespace musl::test {

/// A network over the small world, and what its training needs.
struct TrainingBench {
  /// own  the phases; empty: those of the control's strategy
  explicit TrainingBench(const ArchitectureConfig& arch,
                         const ControlConfig& how = small_control(),
                         std::vector<nn::Phase> own = {})
      : world(small_world(arch)),
        architecture(arch),
        control(how),
        device(nn::device_of(how.device)),
        preprocess(small_preprocess(world)),
        partners(
            nn::make_partner_inputs(partner_spaces(world.data, preprocess, 1),
                                    world.training, world.training, kGenes, 1)),
        net(arch, nn::input_sizes(world.data, preprocess)),
        batcher({world.data, preprocess, partners}, net->wanted(), net->sizes(),
                device),
        genes(net->gene_encoders(), world.data, preprocess, device, 1),
        phases(own.empty() ? nn::make_phases(arch, how) : std::move(own)) {
    nn::initialise(*net, 3);
    net->to(device);
  }

  [[nodiscard]] std::unique_ptr<nn::MuslLearner> learner() const {
    return std::make_unique<nn::MuslLearner>(
        net,
        nn::MuslProblem{architecture, control, world.data, preprocess, partners,
                        world.training, world.validation, device},
        phases);
  }

  /// Of all training pairs at once, in phase number `phase`, by all parameters.
  [[nodiscard]] nn::BatchResult gradient(
      std::size_t phase, std::uint64_t seed, int threads = 1,
      std::atomic<std::int64_t>* at_once = nullptr) const {
    const auto all = learner();
    const nn::Phase chosen = all->phases()[phase];
    all->begin_phase(chosen, {});
    std::vector<std::int64_t> items(
        static_cast<std::size_t>(world.training.size()));
    std::iota(items.begin(), items.end(), std::int64_t{0});
    std::vector<nn::BatchResult> result{nn::batch_gradient(
        {*all, chosen, nn::parameters_of(*net).tensors, threads, at_once},
        items, seed, {})};
    nn::read_numbers(&result);
    return result.front();
  }

  /// The genes' vectors of a whole batch.
  void add_genes(const PairSet& pairs, nn::PairBatch* batch) const {
    const nn::GeneRows rows = nn::genes_of(pairs);
    const nn::Tensor vectors = genes.vectors(rows.genes, nullptr);
    const auto of = [&](const std::vector<std::int32_t>& ends) {
      return vectors.index_select(
          0, nn::numbers_on({rows.rows_of(ends)}, device)[0]);
    };
    batch->tensors["gene_a"] = of(pairs.a);
    batch->tensors["gene_b"] = of(pairs.b);
  }

  [[nodiscard]] nn::TrainOutcome train(const EventSink& sink = {}) const {
    const auto all = learner();
    return nn::train(all.get(), nn::train_settings(control, sink));
  }

  SmallWorld world;
  ArchitectureConfig architecture;
  ControlConfig control;
  torch::Device device;
  Preprocess preprocess;
  nn::PartnerInputs partners;
  nn::MuslNet net;
  nn::Batcher batcher;
  nn::GeneStage genes;
  std::vector<nn::Phase> phases;
};

}  // namespace musl::test
