// MuSL's side of bench/main-network.R: trains, predicts and hands the network
// with its inputs over.
//
//   network DIR SOURCES [--smoke]    writes DIR/model.safetensors (weights and
//                                    scalers as a model file has them) and
//                                    DIR/inputs.safetensors; times training
//   network DIR SOURCES [--smoke] --again MICRO_BATCH
//                                    times prediction with the model there
//
// Prints lines "what batch seconds pairs", processor seconds of one thread.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "musl/archive.h"
#include "musl/file.h"
#include "musl/pair_scorer.h"
#include "musl/partners.h"
#include "nn/base/tensor.h"
#include "nn/base/weights.h"
#include "nn/inputs/batcher.h"
#include "nn/model/networks.h"
#include "world.h"

namespace musl::bench {
namespace {

constexpr std::int64_t kHandedOver = 2048;  // pairs that both sides score

struct Arguments {
  std::string directory;
  int cohorts = 1;
  bool smoke = false;
  int micro_batch = 0;  // 0: train
};

WorldSize size_of(const Arguments& arguments) {
  if (arguments.smoke) return small_size(arguments.cohorts);
  WorldSize size;
  if (arguments.cohorts == 1) size.samples = {1000};
  size.training = 5120;
  size.asked = 8192;
  return size;
}

PairSet first_pairs(const PairSet& pairs, std::int64_t n) {
  PairSet result = pairs;
  const auto size = static_cast<std::size_t>(std::min(n, pairs.size()));
  result.a.resize(size);
  result.b.resize(size);
  if (pairs.has_labels()) result.label.resize(size);
  return result;
}

void put_genes(const std::string& name, const std::vector<std::int32_t>& genes,
               Archive* archive) {
  archive->put(name, {static_cast<std::int64_t>(genes.size())}, genes.data());
}

/// The tensors that the network reads of these pairs, under `prefix`.
void put_inputs(const std::string& prefix, const Model& model,
                const PairSet& pairs, Archive* archive) {
  const ModelState& state = model.state();
  const Dataset& data = model.kept();
  const nn::PartnerInputs partners =
      nn::make_partner_inputs(partner_spaces(data, state.preprocess, 1),
                              data.known, pairs, data.n_genes, 1);
  const nn::Batcher batcher({data, state.preprocess, partners},
                            nn::net_of(state).wanted(),
                            nn::net_of(state).sizes(), torch::kCPU);
  for (const auto& [name, tensor] : batcher.make(pairs).tensors) {
    nn::put_tensor(prefix + name, tensor, archive);
  }
  put_genes(prefix + "a", pairs.a, archive);
  put_genes(prefix + "b", pairs.b, archive);
  if (!pairs.has_labels()) return;
  archive->put(prefix + "label", {pairs.size()}, pairs.label.data());
}

/// Standardised node features and their propagated copies, as the per-gene
/// stages read them.
void put_nodes(const World& world, const Model& model, Archive* archive) {
  const ModelState& state = model.state();
  nn::GeneInputs inputs;
  inputs.features = nn::to_tensor(node_features(world.data, state.preprocess));
  inputs.scalers = state.preprocess.propagated;
  const CsrGraph adjacency = normalise(world.data.network);
  inputs.adjacency = &adjacency;
  nn::net_of(state).gene_encoders().front()->prepare_genes(&inputs);
  nn::put_tensor("features", inputs.features, archive);
  nn::put_tensor("propagated", inputs.propagated.back(), archive);
}

void train_and_hand_over(const Arguments& arguments) {
  const World world = make_world(size_of(arguments), /*seed=*/1);
  std::vector<double> seconds;
  const int epochs = arguments.smoke ? 2 : 3;
  const Model model =
      train_world(world, "cpu", /*threads=*/1, epochs, &seconds);
  std::printf("train 512 %.4f %lld\n",
              *std::min_element(seconds.begin(), seconds.end()),
              static_cast<long long>(world.training.size()));

  write_file(arguments.directory + "/model.safetensors",
             write_archive(unpacked(model.to_archive(/*keep_inputs=*/true))));
  Archive inputs;
  const PairSet asked = first_pairs(world.asked, kHandedOver);
  put_inputs("asked/", model, asked, &inputs);
  put_inputs("training/", model, first_pairs(world.training, kHandedOver),
             &inputs);
  put_nodes(world, model, &inputs);
  PredictOptions options;
  options.device = "cpu";
  const auto score = model.predict(model.kept(), asked, options).score;
  const std::vector<float> narrow(score.begin(), score.end());
  inputs.put("asked/score", {asked.size()}, narrow.data());
  write_file(arguments.directory + "/inputs.safetensors",
             write_archive(inputs));
}

Model read_model(const std::string& path) {
  const auto bytes = read_file(path);
  return Model::from_archive(read_archive(bytes.data(), bytes.size()));
}

/// Features are made from codes here, which PyTorch's side need not do. What is
/// made once for all pairs is not counted on either side.
void time_prediction(const Arguments& arguments) {
  const Model model = read_model(arguments.directory + "/model.safetensors");
  const PairSet asked =
      random_pairs(arguments.smoke ? 600 : 8192, model.n_genes(), /*seed=*/2);
  PredictOptions options;
  options.device = "cpu";
  options.threads = 1;
  options.micro_batch = arguments.micro_batch;
  const auto made = make_pair_scorer(model, model.kept(), asked, options);
  PairScorer& scorer = *made;
  scorer.prepare_all_genes();
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = processor_seconds();
    static_cast<void>(scorer.score(asked, {}));
    best = std::min(best, processor_seconds() - start);
  }
  std::printf("predict %d %.4f %lld\n", arguments.micro_batch, best,
              static_cast<long long>(asked.size()));
}

Arguments read_arguments(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--smoke") {
      arguments.smoke = true;
    } else if (word == "--again" && i + 1 < count) {
      arguments.micro_batch = std::atoi(words[++i]);
    } else if (arguments.directory.empty()) {
      arguments.directory = word;
    } else {
      arguments.cohorts = std::atoi(words[i]);
    }
  }
  return arguments;
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  const auto arguments = musl::bench::read_arguments(count, words);
  if (arguments.directory.empty() || arguments.cohorts < 1) {
    std::fprintf(stderr,
                 "network DIR SOURCES [--smoke] [--again MICRO_BATCH]\n");
    return 2;
  }
  if (arguments.micro_batch > 0) {
    musl::bench::time_prediction(arguments);
  } else {
    musl::bench::train_and_hand_over(arguments);
  }
  return 0;
}
