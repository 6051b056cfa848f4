#include "nn/infer/attribution.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "musl/error.h"
#include "musl/histogram.h"
#include "nn/infer/predictor.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kStepsAtOnce = 64;
constexpr char kHistogram[] = "histogram";
constexpr char kGeneA[] = "gene_a", kGeneB[] = "gene_b";

/// (S, C, K, K) of raw maps (S, R, K, K): what histogram_batch() makes of them,
/// differentiable.
Tensor fold_maps(const std::vector<ExpressionCohort>& cohorts,
                 const Tensor& raw) {
  std::vector<Tensor> maps;
  std::int64_t first = 0;
  for (const auto& cohort : cohorts) {
    const auto mirrors = mirror_channels(cohort);
    for (std::size_t c = 0; c < mirrors.size(); ++c) {
      if (mirrors[c] < static_cast<int>(c)) continue;
      const auto x = raw.select(1, first + static_cast<std::int64_t>(c));
      const auto y = raw.select(1, first + mirrors[c]).transpose(1, 2);
      maps.push_back((x + y) / 2);
      maps.push_back((x - y).abs() / 2);
    }
    first += static_cast<std::int64_t>(mirrors.size());
  }
  return torch::stack(maps, 1);
}

std::vector<double> as_numbers(const Tensor& x) {
  const auto flat = x.to(torch::kCPU, torch::kFloat64).contiguous().flatten();
  const auto* first = flat.data_ptr<double>();
  return {first, first + flat.numel()};
}

/// (S, ...) points of a straight line at the shares `alpha` (S).
Tensor along(const Tensor& reference, const Tensor& value,
             const Tensor& alpha) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(value.dim()), 1);
  shape.front() = alpha.size(0);
  return reference + alpha.view(shape) * (value - reference);
}

}  // namespace

/// One call of attribute().
struct Attributor::Path {
  std::int32_t a = 0, b = 0;
  Tensor stack;
  PairBatch pair;            // of one pair, what the path leaves alone
  std::vector<Leaf> leaves;  // what it changes
  /// Leaves from here on are node features and their copies, (1, 2, F) each;
  /// -1: gene vectors are leaves of their own, or there are none.
  int first_copy = -1;
  std::vector<Tensor> gradients;  // mean along the path, as the leaves
  double end = 0, start = 0, error = 0;
  int steps = 0;
};

Attributor::Attributor(MuslNet net, const InputContext& context,
                       const Batcher& batcher, const GeneStage& genes)
    : net_(std::move(net)),
      context_(context),
      batcher_(batcher),
      genes_(genes) {}

Attributor::Leaf Attributor::histogram_leaf(std::int32_t a,
                                            std::int32_t b) const {
  const auto& cohorts = context_.data.cohorts;
  std::int64_t channels = 0;
  for (const auto& cohort : cohorts) channels += raw_channels(cohort);
  const std::int64_t bins = cohorts.front().config.bins;
  Leaf leaf{kHistogram, torch::zeros({1, channels, bins, bins}),
            torch::zeros({1, channels, bins, bins})};
  float* value = leaf.value.data_ptr<float>();
  float* reference = leaf.reference.data_ptr<float>();
  for (const auto& cohort : cohorts) {
    pair_histogram(cohort, a, b, /*scaled=*/true, value);
    independent_histogram(cohort, a, b, reference);
    value += raw_channels(cohort) * bins * bins;
    reference += raw_channels(cohort) * bins * bins;
  }
  leaf.value = leaf.value.to(batcher_.device());
  leaf.reference = leaf.reference.to(batcher_.device());
  return leaf;
}

void Attributor::add_leaves(std::int32_t a, std::int32_t b, Path* path) const {
  path->pair = batcher_.make({{a}, {b}, {}});
  for (const auto& name : net_->wanted().inputs) {
    if (name == "seen" || pair_input(name).is_per_gene()) continue;
    if (name == kHistogram) {
      path->pair.tensors.erase(name);
      path->leaves.push_back(histogram_leaf(a, b));
      continue;
    }
    const auto value = path->pair.at(name);
    path->pair.tensors.erase(name);
    path->leaves.push_back({name, value, torch::zeros_like(value)});
  }
  if (net_->reads_genes(/*branch=*/-1)) add_genes(a, b, path);
}

void Attributor::add_genes(std::int32_t a, std::int32_t b, Path* path) const {
  const auto copies = genes_.copies({a, b});  // each (2, F)
  if (copies.empty()) {
    const auto average = genes_.average(context_.data.n_genes);  // (1, Dg)
    const auto vectors = [&](std::int32_t gene) {
      return genes_.vectors({gene}).detach();
    };
    path->leaves.push_back({kGeneA, vectors(a), average});
    path->leaves.push_back({kGeneB, vectors(b), average});
    return;
  }
  path->first_copy = static_cast<int>(path->leaves.size());
  for (const auto& copy : copies) {
    const auto value = copy.unsqueeze(0);  // (1, 2, F)
    path->leaves.push_back({"", value, torch::zeros_like(value)});
  }
}

/// The points `at`, (S, ...) a leaf, as a batch.
PairBatch Attributor::batch_of(const Path& path,
                               const std::vector<Tensor>& at) const {
  PairBatch batch;
  batch.size = at.empty() ? 1 : at.front().size(0);
  for (const auto& [name, tensor] : path.pair.tensors) {
    std::vector<std::int64_t> shape(static_cast<std::size_t>(tensor.dim()), 1);
    shape.front() = batch.size;
    batch.tensors[name] = tensor.repeat(shape);
  }
  const auto n_own = path.first_copy < 0
                         ? at.size()
                         : static_cast<std::size_t>(path.first_copy);
  for (std::size_t i = 0; i < n_own; ++i) {
    const auto& name = path.leaves[i].name;
    batch.tensors[name] =
        name == kHistogram ? fold_maps(context_.data.cohorts, at[i]) : at[i];
  }
  if (path.first_copy < 0) return batch;
  std::vector<Tensor> rows;  // (2 S, F): all of gene a, then all of gene b
  for (std::size_t i = n_own; i < at.size(); ++i) {
    rows.push_back(at[i].transpose(0, 1).flatten(0, 1));
  }
  const auto vectors = genes_.vectors_of(rows);  // (2 S, Dg)
  batch.tensors[kGeneA] = vectors.narrow(0, 0, batch.size);
  batch.tensors[kGeneB] = vectors.narrow(0, batch.size, batch.size);
  return batch;
}

/// (S) at these points.
Tensor Attributor::score(const Path& path,
                         const std::vector<Tensor>& at) const {
  const auto batch = batch_of(path, at);
  return stacked_score(net_->forward(batch), batch, path.stack);
}

void Attributor::integrate(const AttributionOptions& options,
                           Path* path) const {
  const auto points = [&](const Tensor& alpha) {
    std::vector<Tensor> at;
    for (const auto& leaf : path->leaves) {
      at.push_back(along(leaf.reference, leaf.value, alpha)
                       .detach()
                       .requires_grad_(true));
    }
    return at;
  };
  const auto device = batcher_.device();
  const auto value_at = [&](double alpha) {
    const torch::NoGradGuard no_grad;
    return score(*path, points(torch::full({1}, alpha, device))).item<double>();
  };
  path->end = value_at(1);
  path->start = value_at(0);
  const double change = path->end - path->start;
  for (int steps = options.first_steps;; steps *= 2) {
    std::vector<Tensor> sums;
    for (const auto& leaf : path->leaves) {
      sums.push_back(torch::zeros_like(leaf.value, torch::kFloat64));
    }
    for (std::int64_t first = 0; first < steps; first += kStepsAtOnce) {
      const auto n = std::min<std::int64_t>(kStepsAtOnce, steps - first);
      // Points are denser near the reference, where normalised short vectors
      // change direction fast: alpha = u^3 in equal steps of u.
      const auto u = ((torch::arange(n, torch::kFloat32) +
                       (static_cast<double>(first) + 0.5)) /
                      steps)
                         .to(device);
      const auto at = points(u.pow(3));
      const auto sum = (score(*path, at) * 3 * u.square()).sum();
      const auto gradients =
          torch::autograd::grad({sum}, at, {}, c10::nullopt,
                                /*create_graph=*/false, /*allow_unused=*/true);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        if (!gradients[i].defined()) continue;
        sums[i] += gradients[i].to(torch::kFloat64).sum(0, /*keepdim=*/true);
      }
    }
    double total = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] /= steps;
      const auto& leaf = path->leaves[i];
      total += (sums[i] * (leaf.value - leaf.reference)).sum().item<double>();
    }
    path->gradients = std::move(sums);
    path->steps = steps;
    path->error = std::abs(total - change);
    const double most = options.tolerance * std::max(std::abs(change), 0.1);
    if (path->error <= most || 2 * steps > options.most_steps) return;
  }
}

namespace {

AttributedInput attributed(std::string name, std::vector<std::string> terms,
                           const Tensor& value, const Tensor& reference,
                           const Tensor& gradient) {
  AttributedInput input;
  input.name = std::move(name);
  input.term = std::move(terms);
  input.value = as_numbers(value);
  input.reference = as_numbers(reference.expand_as(value));
  input.contribution = as_numbers(gradient * (value - reference));
  return input;
}

/// Node features gene by gene and block by block.
void add_blocks(const Preprocess& preprocess, const std::string& copy,
                const Tensor& value, const Tensor& gradient,
                std::vector<AttributedInput>* out) {
  for (std::int64_t gene = 0; gene < 2; ++gene) {
    std::int64_t first = 0;
    for (std::size_t k = 0; k < preprocess.blocks.size(); ++k) {
      const auto n =
          static_cast<std::int64_t>(preprocess.blocks[k].mean.size());
      const auto part = [&](const Tensor& x) {
        return x.select(1, gene).narrow(1, first, n);
      };
      out->push_back(attributed((gene == 0 ? "gene_a:" : "gene_b:") + copy +
                                    preprocess.block_names[k],
                                {}, part(value), torch::zeros_like(part(value)),
                                part(gradient)));
      first += n;
    }
  }
}

/// Calls visit(x, y) for each number of two attributions of a pair that differs
/// by member.
template <typename Visit>
void visit_numbers(Attribution* x, const Attribution& y, const Visit& visit) {
  visit(&x->score, y.score);
  visit(&x->reference_score, y.reference_score);
  visit(&x->error, y.error);
  for (std::size_t i = 0; i < x->inputs.size(); ++i) {
    auto& to = x->inputs[i];
    const auto& from = y.inputs[i];
    for (std::size_t k = 0; k < to.contribution.size(); ++k) {
      visit(&to.value[k], from.value[k]);
      visit(&to.reference[k], from.reference[k]);
      visit(&to.contribution[k], from.contribution[k]);
    }
  }
  for (std::size_t i = 0; i < x->branches.size(); ++i) {
    visit(&x->branches[i].logit, y.branches[i].logit);
    visit(&x->branches[i].gate, y.branches[i].gate);
  }
  for (std::size_t i = 0; i < x->partners.size(); ++i) {
    visit(&x->partners[i].contribution, y.partners[i].contribution);
  }
  for (std::size_t i = 0; i < x->neighbours.size(); ++i) {
    visit(&x->neighbours[i].contribution, y.neighbours[i].contribution);
  }
}

void scale_by(double by, Attribution* x) {
  visit_numbers(x, *x, [by](double* to, double) { *to *= by; });
}

void add_scaled(const Attribution& more, double by, Attribution* sum) {
  visit_numbers(sum, more, [by](double* to, double from) { *to += by * from; });
  sum->steps = std::max(sum->steps, more.steps);
}

void add_branches(const MuslNetImpl& net, const NetOutput& out,
                  const std::vector<double>& weight, Attribution* result) {
  result->branches.push_back({kFused, out.logit.item<double>(), weight[0], 0});
  for (std::size_t m = 0; m < net.encoders().size(); ++m) {
    const auto at = static_cast<std::int64_t>(m);
    result->branches.push_back({net.encoders()[m]->encoder_name(),
                                out.branch_logits[0][at].item<double>(),
                                weight[m + 1],
                                out.gates[0][at].item<double>()});
  }
  result->branches.push_back({"constant", 1.0, weight.back(), 0});
}

}  // namespace

Attribution Attributor::attribute(std::int32_t a, std::int32_t b,
                                  const Tensor& stack,
                                  const AttributionOptions& options) const {
  const torch::AutoGradMode with_gradients(true);
  const SinglePrecisionGuard single(batcher_.device());
  Path path;
  path.a = a;
  path.b = b;
  path.stack = stack;
  add_leaves(a, b, &path);
  integrate(options, &path);

  Attribution result;
  result.score = path.end;
  result.reference_score = path.start;
  result.steps = path.steps;
  result.error = path.error;
  for (std::size_t i = 0; i < path.leaves.size(); ++i) {
    const auto& leaf = path.leaves[i];
    const int copy =
        path.first_copy < 0 ? -1 : static_cast<int>(i) - path.first_copy;
    if (copy >= 0) {
      add_blocks(context_.preprocess,
                 copy == 0 ? "" : std::to_string(copy) + " steps:", leaf.value,
                 path.gradients[i], &result.inputs);
      continue;
    }
    const bool of_gene = leaf.name == kGeneA || leaf.name == kGeneB;
    result.inputs.push_back(
        attributed(leaf.name,
                   of_gene ? std::vector<std::string>{}
                           : pair_input(leaf.name).terms(context_),
                   leaf.value, leaf.reference, path.gradients[i]));
    if (leaf.name != kHistogram) continue;
    unscale_histogram(&result.inputs.back().value);
    unscale_histogram(&result.inputs.back().reference);
  }
  {
    const torch::NoGradGuard no_grad;
    std::vector<Tensor> at;
    for (const auto& leaf : path.leaves) at.push_back(leaf.value);
    const auto batch = batch_of(path, at);
    const auto out = net_->forward(batch);
    if (!(out.available.sum().item<float>() > 0)) {
      throw InputError("The pair has no modality that the model reads.");
    }
    add_branches(*net_, out, stack_row(batch, stack), &result);
    add_partners(path, &result);
    add_neighbours(path, &result);
  }
  return result;
}

Attribution mean_attribution(const std::vector<Attribution>& of_members) {
  const double share = 1.0 / static_cast<double>(of_members.size());
  Attribution mean = of_members.front();
  scale_by(share, &mean);
  for (std::size_t i = 1; i < of_members.size(); ++i) {
    add_scaled(of_members[i], share, &mean);
  }
  return mean;
}

/// The mean similarities to known partners are sums over them, so each partner
/// has a share in their contribution.
void Attributor::add_partners(const Path& path, Attribution* out) const {
  for (std::size_t i = 0; i < path.leaves.size(); ++i) {
    if (path.leaves[i].name != "partners") continue;
    const auto gradient = as_numbers(path.gradients[i]);
    const auto& known = context_.partners.known;
    const auto& scale = context_.preprocess.pair_scaler("partners").scale;
    const PairSet judged = known_for_pair(context_.data.known, path.a, path.b,
                                          context_.data.n_genes);
    const auto columns = static_cast<std::size_t>(known.columns());
    const int n_spaces = known.n_spaces();
    for (int direction = 0; direction < 2; ++direction) {
      const auto from = direction == 0 ? path.a : path.b;
      const auto to = direction == 0 ? path.b : path.a;
      std::vector<AttributedGene> found;
      double count[2] = {0, 0};  // non-SL, SL
      for (std::size_t k = 0; k < judged.a.size(); ++k) {
        if (judged.a[k] != from && judged.b[k] != from) continue;
        const auto partner = judged.a[k] == from ? judged.b[k] : judged.a[k];
        const bool is_sl = judged.label[k] == 1.0f;
        count[is_sl ? 1 : 0] += 1;
        found.push_back({from, partner, is_sl, 0});
      }
      for (auto& share : found) {
        for (int space = 0; space < n_spaces; ++space) {
          const std::size_t column =
              2 * static_cast<std::size_t>(space) + (share.is_sl ? 0 : 1);
          const auto at =
              static_cast<std::size_t>(direction) * columns + column;
          share.contribution += gradient[at] *
                                known.similarity(space, share.partner, to) /
                                (count[share.is_sl ? 1 : 0] * scale[column]);
        }
      }
      out->partners.insert(out->partners.end(), found.begin(), found.end());
    }
  }
}

void Attributor::add_neighbours(const Path& path, Attribution* out) const {
  if (path.first_copy < 0) return;
  const auto first = static_cast<std::size_t>(path.first_copy) + 1;
  if (first >= path.leaves.size()) return;
  for (int side = 0; side < 2; ++side) {
    const auto gene = side == 0 ? path.a : path.b;
    const auto gradient =
        path.gradients[first].select(1, side).squeeze(0);  // (F)
    for (const auto& [neighbour, share] :
         genes_.neighbour_shares(gene, gradient)) {
      out->neighbours.push_back({gene, neighbour, false, share});
    }
  }
}

}  // namespace musl::nn
