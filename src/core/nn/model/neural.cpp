
#include "nn/model/neural.h"

#include "base/error.h"
#include "base/rng.h"
#include "nn/base/boundary.h"
#include "nn/base/device.h"
#include "nn/base/layers.h"
#include "nn/learn/neural_learner.h"
#include "nn/model/backend_functions.h"
#include "nn/train/trainer.h"

namespace musl::nn {

namespace {

std::vector<float> values_of(const Tensor& x) {
  const Tensor flat = x.detach().to(torch::kCPU).flatten().contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

NormedLayer layer_of(const Linear& linear, const LayerNorm& norm) {
  return {to_matrix(linear->weight.detach()), values_of(linear->bias),
          values_of(norm->weight), values_of(norm->bias)};
}

}  // namespace

NeuralNet plain_net(const PairNet& net) {
  NeuralNet out;
  const auto linear = values_of(net->linear->weight);
  out.linear.coefficient.assign(linear.begin(), linear.end());
  out.linear.intercept = values_of(net->linear->bias)[0];
  out.head = {layer_of(net->gene, net->gene_norm),
              layer_of(net->pair, net->pair_norm),
              values_of(net->score->weight), values_of(net->score->bias)[0]};
  return out;
}

NeuralNet train_neural(const NeuralTraining& training, std::uint64_t seed,
                       const std::string& device,
                       const std::function<bool()>& go_on) {
  return at_boundary("Training the neural member", [&] {
    const SingleThreadGuard single_thread;
    PairNet net(training.genes.cols(), training.columns.cols(),
                derive_seed(seed, 0));
    net->to(device_of(device));
    NeuralLearner learner(net, training);
    EventSink sink;
    if (go_on) sink = [&](const TrainEvent&) { return go_on(); };
    TrainSettings settings{sink, derive_seed(seed, 1), NeuralLearner::kBatch,
                           /*clip=*/1.0};
    if (train(&learner, settings).cancelled) {
      throw CancelledError("Interrupted.");
    }
    return plain_net(net);
  });
}

}  // namespace musl::nn
