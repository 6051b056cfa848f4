#include "musl/neural_member.h"

#include <algorithm>
#include <cmath>

#include "musl/parallel.h"

namespace musl {

namespace {

constexpr std::int64_t kBlock = 256;  // rows a piece of work

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// A layer with its weights by input, so that sums over inputs run through
/// memory in order and each output is added up in one order, whatever the
/// number of rows.
class Layer {
 public:
  explicit Layer(const NormedLayer& layer)
      : layer_(layer), by_input_(layer.weight.transpose()) {}

  [[nodiscard]] std::int64_t width() const { return by_input_.cols(); }

  /// Adds W[, from + i] x_i over the n inputs to `sums` (width()).
  void add(std::int64_t from, const float* x, std::int64_t n,
           float* sums) const {
    const std::int64_t m = width();
    for (std::int64_t i = 0; i < n; ++i) {
      const float value = x[i];
      if (value == 0) continue;
      const float* weight = by_input_.data() + (from + i) * m;
      for (std::int64_t o = 0; o < m; ++o) sums[o] += value * weight[o];
    }
  }

  /// From the sums to what the layer gives, in place.
  void finish(float* sums) const {
    const std::int64_t m = width();
    double mean = 0, variance = 0;
    for (std::int64_t o = 0; o < m; ++o) {
      sums[o] += layer_.bias[at(o)];
      mean += sums[o];
    }
    mean /= static_cast<double>(m);
    for (std::int64_t o = 0; o < m; ++o) {
      variance += (sums[o] - mean) * (sums[o] - mean);
    }
    variance /= static_cast<double>(m);
    const double unit = 1 / std::sqrt(variance + NormedLayer::kEpsilon);
    for (std::int64_t o = 0; o < m; ++o) {
      const auto score = static_cast<float>((sums[o] - mean) * unit);
      sums[o] =
          std::max(0.0F, score * layer_.scale[at(o)] + layer_.shift[at(o)]);
    }
  }

 private:
  const NormedLayer& layer_;
  Matrix by_input_;  // (in, out)
};

/// Rows of both, computed in blocks.
void for_rows(std::int64_t n, int threads,
              const std::function<void(std::int64_t)>& row) {
  parallel_for((n + kBlock - 1) / kBlock, threads, [&](std::int64_t block) {
    const std::int64_t end = std::min(n, (block + 1) * kBlock);
    for (std::int64_t i = block * kBlock; i < end; ++i) row(i);
  });
}

/// Adds what one head says of each pair to `out`.
void add_head(const GeneHead& head, const Matrix& genes,
              const std::vector<std::int32_t>& a,
              const std::vector<std::int32_t>& b, int threads,
              std::vector<double>* out) {
  const Layer gene(head.gene), pair(head.pair);
  const std::int64_t d = gene.width(), hidden = pair.width();
  Matrix z = Matrix::Zero(genes.rows(), d);
  Matrix sums = Matrix::Zero(genes.rows(), hidden);  // of z_a + z_b, by gene
  for_rows(genes.rows(), threads, [&](std::int64_t g) {
    gene.add(0, genes.row(g).data(), genes.cols(), z.row(g).data());
    gene.finish(z.row(g).data());
    pair.add(0, z.row(g).data(), d, sums.row(g).data());
  });
  const auto n = static_cast<std::int64_t>(a.size());
  for_rows(n, threads, [&](std::int64_t i) {
    const float* x = z.row(a[at(i)]).data();
    const float* y = z.row(b[at(i)]).data();
    Eigen::RowVectorXf both(2 * d);
    for (std::int64_t j = 0; j < d; ++j) {
      both[j] = std::abs(x[j] - y[j]);
      both[d + j] = x[j] * y[j];
    }
    Eigen::RowVectorXf h = sums.row(a[at(i)]) + sums.row(b[at(i)]);
    pair.add(d, both.data(), 2 * d, h.data());
    pair.finish(h.data());
    double score = head.intercept;
    for (std::int64_t o = 0; o < hidden; ++o) {
      score += static_cast<double>(h[o]) * head.score[at(o)];
    }
    (*out)[at(i)] += score;
  });
}

}  // namespace

std::vector<double> hear_heads(const NeuralMember& member, const Matrix& genes,
                               const std::vector<std::int32_t>& a,
                               const std::vector<std::int32_t>& b,
                               int threads) {
  std::vector<double> out(a.size(), 0.0);
  for (const auto& head : member.heads) {
    add_head(head, genes, a, b, threads, &out);
  }
  for (double& score : out) score /= static_cast<double>(member.heads.size());
  return out;
}

std::vector<double> hear_heads(const NeuralMember& member,
                               const EvidenceStore& known,
                               const EvidenceStore& asked,
                               const std::vector<std::int32_t>& gene_of,
                               const PairSet& pairs, int threads) {
  std::vector<std::int32_t> genes = pairs.a;
  genes.insert(genes.end(), pairs.b.begin(), pairs.b.end());
  std::sort(genes.begin(), genes.end());
  genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  const auto rows_of = [&](const std::vector<std::int32_t>& ends) {
    std::vector<std::int32_t> out;
    for (const std::int32_t gene : ends) {
      const auto found = std::lower_bound(genes.begin(), genes.end(), gene);
      out.push_back(static_cast<std::int32_t>(found - genes.begin()));
    }
    return out;
  };
  return hear_heads(member,
                    neural_inputs(member.inputs, known, asked, gene_of, genes),
                    rows_of(pairs.a), rows_of(pairs.b), threads);
}

}  // namespace musl
