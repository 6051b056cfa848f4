#include "world.h"

#include <algorithm>
#include <set>

#include "base/rng.h"
#include "model/backend.h"

namespace musl::bench {

namespace {

Eigen::MatrixXd random_matrix(std::int64_t rows, std::int64_t columns,
                              Rng* rng) {
  return Eigen::MatrixXd::NullaryExpr(rows, columns,
                                      [rng] { return rng->normal(); });
}

std::int32_t random_gene(std::int64_t n_genes, Rng* rng) {
  return static_cast<std::int32_t>(
      rng->below(static_cast<std::uint64_t>(n_genes)));
}

/// 1 where the genes' first embedding columns have the same sign.
std::vector<float> labels(const PairSet& pairs,
                          const Eigen::MatrixXd& embeddings) {
  std::vector<float> result;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const bool alike =
        embeddings(pairs.a[i], 0) * embeddings(pairs.b[i], 0) > 0;
    result.push_back(alike ? 1.0f : 0.0f);
  }
  return result;
}

void add_network(const WorldSize& size, Rng* rng, DatasetInput* input) {
  for (int e = 0; e < size.edges; ++e) {
    const std::int32_t from = random_gene(size.genes, rng);
    const std::int32_t to = random_gene(size.genes, rng);
    if (from == to) continue;
    input->edge_from.push_back(from);
    input->edge_to.push_back(to);
    input->edge_weight.push_back(
        static_cast<float>(0.5 + 0.5 * rng->uniform()));
  }
}

}  // namespace

WorldSize small_size(int cohorts) {
  WorldSize size;
  size.genes = 400;
  size.samples.assign(static_cast<std::size_t>(cohorts), 60);
  size.edges = 3000;
  size.embedding = 32;
  size.training = 1024;
  size.asked = 600;
  return size;
}

PairSet random_pairs(std::int64_t n, std::int64_t n_genes, std::uint64_t seed) {
  Rng rng(seed);
  PairSet pairs;
  std::set<std::int64_t> known;
  while (pairs.size() < n) {
    const std::int32_t a = random_gene(n_genes, &rng);
    const std::int32_t b = random_gene(n_genes, &rng);
    if (a == b || !known.insert(pair_key(a, b, n_genes)).second) continue;
    pairs.a.push_back(std::min(a, b));
    pairs.b.push_back(std::max(a, b));
  }
  return pairs;
}

World make_world(const WorldSize& size, std::uint64_t seed, bool histogram) {
  Rng rng(seed);
  World world;
  auto& encoders = world.architecture.encoders;
  if (!histogram) {
    encoders.erase(std::find(encoders.begin(), encoders.end(), "histogram"));
  }
  std::vector<std::int32_t> genes;
  for (std::int32_t gene = 0; gene < size.genes; ++gene) genes.push_back(gene);

  DatasetInput input;
  input.n_genes = size.genes;
  std::vector<Eigen::MatrixXd> values;
  values.reserve(size.samples.size());  // the inputs look into them
  for (const int samples : size.samples) {
    values.push_back(random_matrix(size.genes, samples, &rng));
    ExpressionInput cohort;
    cohort.name = "cohort" + std::to_string(values.size());
    cohort.assays.emplace_back(values.back().data(), size.genes, samples);
    cohort.gene_of_row = genes;
    input.cohorts.push_back(cohort);
  }
  add_network(size, &rng, &input);
  const Eigen::MatrixXd embeddings =
      random_matrix(size.genes, size.embedding, &rng);
  const RMatrixView view(embeddings.data(), size.genes, size.embedding);
  input.embeddings = &view;
  input.embedding_gene = genes;

  world.data = make_dataset(input, world.architecture, /*known=*/nullptr,
                            /*gene_of=*/{}, seed, /*threads=*/0);
  world.training = random_pairs(size.training, size.genes, seed + 1);
  world.training.label = labels(world.training, embeddings);
  world.asked = random_pairs(size.asked, size.genes, seed + 2);
  return world;
}

Model train_world(const World& world, const std::string& device, int threads,
                  int epochs, std::vector<double>* joint_seconds) {
  ControlConfig control;
  control.device = device;
  control.threads = threads;
  control.epochs = epochs;
  control.batch_size = kBatch;
  const bool alone = device == "cpu" && threads == 1;
  double start = 0;
  const EventSink sink = [&](const TrainEvent& event) {
    if (event.phase != "joint" || event.kind != TrainEvent::Kind::epoch) {
      return true;
    }
    const double now = alone ? processor_seconds() : elapsed_seconds();
    if (event.epoch > 0) joint_seconds->push_back(now - start);
    start = now;
    return true;
  };
  return backend()
      .fit(world.architecture, control, world.data, {{world.training, {}}},
           sink)
      .model;
}

}  // namespace musl::bench
