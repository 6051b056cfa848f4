#include "nn/infer/attribution.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "expression/histogram_maps.h"
#include "nn/infer/predictor.h"

namespace musl::nn {

namespace {

constexpr int kFirstSteps = 32;  // doubled until the error is small
constexpr std::int64_t kStepsAtOnce = 64;
constexpr double kTolerance = .005;  // of the error, as a share of the change
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
    first += size_of(mirrors);
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
  std::vector<std::int64_t> shape(at(value.dim()), 1);
  shape.front() = alpha.size(0);
  return reference + alpha.view(shape) * (value - reference);
}

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
      const auto n = size_of(preprocess.blocks[k].mean);
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

/// One call of attribute().
class Attributor {
 public:
  Attributor(AttributedNet of, std::int32_t a, std::int32_t b, Tensor stack)
      : of_(std::move(of)), a_(a), b_(b), stack_(std::move(stack)) {}

  Attribution run(int most_steps) {
    const torch::AutoGradMode with_gradients(true);
    const SinglePrecisionGuard single(of_.batcher.device());
    add_leaves();
    integrate(most_steps);
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      const auto& leaf = leaves_[i];
      const int copy = first_copy_ < 0 ? -1 : static_cast<int>(i) - first_copy_;
      if (copy >= 0) {
        add_blocks(of_.context.preprocess,
                   copy == 0 ? "" : std::to_string(copy) + " steps:",
                   leaf.value, gradients_[i], &out_.inputs);
        continue;
      }
      const bool of_gene = leaf.name == kGeneA || leaf.name == kGeneB;
      out_.inputs.push_back(
          attributed(leaf.name,
                     of_gene ? std::vector<std::string>{}
                             : pair_input(leaf.name).terms(of_.context),
                     leaf.value, leaf.reference, gradients_[i]));
      if (leaf.name != kHistogram) continue;
      unscale_histogram(&out_.inputs.back().value);
      unscale_histogram(&out_.inputs.back().reference);
    }
    {
      const torch::NoGradGuard no_grad;
      std::vector<Tensor> at;
      for (const auto& leaf : leaves_) at.push_back(leaf.value);
      const auto batch = batch_of(at);
      const auto out = of_.net->forward(batch);
      if (!(out.available.sum().item<float>() > 0)) {
        throw InputError("The pair has no modality that the model reads.");
      }
      add_branches(*of_.net, out, stack_row(batch, stack_), &out_);
      add_partners();
      add_neighbours();
    }
    return std::move(out_);
  }

 private:
  /// Inputs changed along the path, each (1, ...).
  struct Leaf {
    std::string name;
    Tensor value, reference;
  };

  [[nodiscard]] Leaf histogram_leaf() const {
    const auto& cohorts = of_.context.data.cohorts;
    std::int64_t channels = 0;
    for (const auto& cohort : cohorts) channels += raw_channels(cohort);
    const std::int64_t bins = cohorts.front().config.bins;
    Leaf leaf{kHistogram, torch::zeros({1, channels, bins, bins}),
              torch::zeros({1, channels, bins, bins})};
    float* value = leaf.value.data_ptr<float>();
    float* reference = leaf.reference.data_ptr<float>();
    for (const auto& cohort : cohorts) {
      pair_histogram(cohort, a_, b_, /*scaled=*/true, value);
      independent_histogram(cohort, a_, b_, reference);
      value += raw_channels(cohort) * bins * bins;
      reference += raw_channels(cohort) * bins * bins;
    }
    leaf.value = leaf.value.to(of_.batcher.device());
    leaf.reference = leaf.reference.to(of_.batcher.device());
    return leaf;
  }

  void add_leaves() {
    pair_ = of_.batcher.make({{a_}, {b_}, {}});
    for (const auto& name : of_.net->wanted().inputs) {
      if (name == "seen" || pair_input(name).is_per_gene()) continue;
      if (name == kHistogram) {
        pair_.tensors.erase(name);
        leaves_.push_back(histogram_leaf());
        continue;
      }
      const auto value = pair_.at(name);
      pair_.tensors.erase(name);
      leaves_.push_back({name, value, torch::zeros_like(value)});
    }
    if (of_.net->reads_genes(/*branch=*/-1)) add_genes();
  }

  void add_genes() {
    const auto copies = of_.genes.copies({a_, b_});  // each (2, F)
    if (copies.empty()) {
      const auto average =
          of_.genes.average(of_.context.data.n_genes);  // (1, Dg)
      const auto vectors = [&](std::int32_t gene) {
        return of_.genes.vectors({gene}).detach();
      };
      leaves_.push_back({kGeneA, vectors(a_), average});
      leaves_.push_back({kGeneB, vectors(b_), average});
      return;
    }
    first_copy_ = static_cast<int>(leaves_.size());
    for (const auto& copy : copies) {
      const auto value = copy.unsqueeze(0);  // (1, 2, F)
      leaves_.push_back({"", value, torch::zeros_like(value)});
    }
  }

  /// Points, (S, ...) a leaf, as a batch.
  [[nodiscard]] PairBatch batch_of(const std::vector<Tensor>& points) const {
    PairBatch batch;
    batch.size = points.empty() ? 1 : points.front().size(0);
    for (const auto& [name, tensor] : pair_.tensors) {
      std::vector<std::int64_t> shape(at(tensor.dim()), 1);
      shape.front() = batch.size;
      batch.tensors[name] = tensor.repeat(shape);
    }
    const auto n_own = first_copy_ < 0 ? points.size() : at(first_copy_);
    for (std::size_t i = 0; i < n_own; ++i) {
      const auto& name = leaves_[i].name;
      batch.tensors[name] = name == kHistogram
                                ? fold_maps(of_.context.data.cohorts, points[i])
                                : points[i];
    }
    if (first_copy_ < 0) return batch;
    std::vector<Tensor> rows;  // (2 S, F): all of gene a, then all of gene b
    for (std::size_t i = n_own; i < points.size(); ++i) {
      rows.push_back(points[i].transpose(0, 1).flatten(0, 1));
    }
    const auto vectors = of_.genes.vectors_of(rows);  // (2 S, Dg)
    batch.tensors[kGeneA] = vectors.narrow(0, 0, batch.size);
    batch.tensors[kGeneB] = vectors.narrow(0, batch.size, batch.size);
    return batch;
  }

  /// (S) at these points.
  Tensor score(const std::vector<Tensor>& at) {
    const auto batch = batch_of(at);
    return stacked_score(of_.net->forward(batch), batch, stack_);
  }

  void integrate(int most_steps) {
    const auto points = [&](const Tensor& alpha) {
      std::vector<Tensor> at;
      for (const auto& leaf : leaves_) {
        at.push_back(along(leaf.reference, leaf.value, alpha)
                         .detach()
                         .requires_grad_(true));
      }
      return at;
    };
    const auto device = of_.batcher.device();
    const auto value_at = [&](double alpha) {
      const torch::NoGradGuard no_grad;
      return score(points(torch::full({1}, alpha, device))).item<double>();
    };
    out_.score = value_at(1);
    out_.reference_score = value_at(0);
    const double change = out_.score - out_.reference_score;
    for (int steps = kFirstSteps;; steps *= 2) {
      std::vector<Tensor> sums;
      for (const auto& leaf : leaves_) {
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
        const auto sum = (score(at) * 3 * u.square()).sum();
        const auto gradients = torch::autograd::grad(
            {sum}, at, {}, c10::nullopt,
            /*create_graph=*/false, /*allow_unused=*/true);
        for (std::size_t i = 0; i < sums.size(); ++i) {
          if (!gradients[i].defined()) continue;
          sums[i] += gradients[i].to(torch::kFloat64).sum(0, /*keepdim=*/true);
        }
      }
      double total = 0;
      for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] /= steps;
        const auto& leaf = leaves_[i];
        total += (sums[i] * (leaf.value - leaf.reference)).sum().item<double>();
      }
      gradients_ = std::move(sums);
      out_.steps = steps;
      out_.error = std::abs(total - change);
      const double most = kTolerance * std::max(std::abs(change), 0.1);
      if (out_.error <= most || 2 * steps > most_steps) return;
    }
  }

  /// The mean similarities to known partners are sums over them, so each
  /// partner has a share in their contribution.
  void add_partners() {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      if (leaves_[i].name != "partners") continue;
      const auto gradient = as_numbers(gradients_[i]);
      const auto& known = of_.context.partners.known;
      const auto& scale = of_.context.preprocess.pair_scaler("partners").scale;
      const PairSet judged = known_for_pair(of_.context.data.known, a_, b_,
                                            of_.context.data.n_genes);
      const auto columns = at(known.columns());
      const int n_spaces = known.n_spaces();
      for (int direction = 0; direction < 2; ++direction) {
        const auto from = direction == 0 ? a_ : b_;
        const auto to = direction == 0 ? b_ : a_;
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
            const std::size_t column = 2 * at(space) + (share.is_sl ? 0 : 1);
            const auto own = at(direction) * columns + column;
            share.contribution += gradient[own] *
                                  known.similarity(space, share.partner, to) /
                                  (count[share.is_sl ? 1 : 0] * scale[column]);
          }
        }
        out_.partners.insert(out_.partners.end(), found.begin(), found.end());
      }
    }
  }

  void add_neighbours() {
    if (first_copy_ < 0) return;
    const auto first = at(first_copy_) + 1;
    if (first >= leaves_.size()) return;
    for (int side = 0; side < 2; ++side) {
      const auto gene = side == 0 ? a_ : b_;
      const auto gradient =
          gradients_[first].select(1, side).squeeze(0);  // (F)
      for (const auto& [neighbour, share] :
           of_.genes.neighbour_shares(gene, gradient)) {
        out_.neighbours.push_back({gene, neighbour, false, share});
      }
    }
  }

  AttributedNet of_;
  std::int32_t a_, b_;
  Tensor stack_;
  PairBatch pair_;            // of one pair, what the path leaves alone
  std::vector<Leaf> leaves_;  // what it changes
  /// Leaves from here on are node features and their copies, (1, 2, F) each;
  /// -1: gene vectors are leaves of their own, or there are none.
  int first_copy_ = -1;
  std::vector<Tensor> gradients_;  // mean along the path, as the leaves
  Attribution out_;
};

}  // namespace

Attribution attribute(const AttributedNet& of, std::int32_t a, std::int32_t b,
                      const Tensor& stack, int most_steps) {
  return Attributor(of, a, b, stack).run(most_steps);
}

}  // namespace musl::nn
