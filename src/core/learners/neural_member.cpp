#include "learners/neural_member.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/numbers.h"
#include "base/parallel.h"

namespace musl {

namespace {

constexpr std::int64_t kRowsABlock = 256;  // rows a piece of work

/// The inputs of a layer that are not 0; many are.
struct SparseInputs {
  explicit SparseInputs(std::int64_t most) : place(at(most)), value(at(most)) {}

  void add(std::int64_t to, float x) {
    // Always written: a branch would be unpredictable.
    place[n] = to;
    value[n] = x;
    n += x != 0 ? 1 : 0;
  }

  std::vector<std::int64_t> place;
  std::vector<float> value;
  std::size_t n = 0;  // of them that are used
};

/// A layer with its weights by input, so that sums over inputs read memory in
/// order and each output is summed in the same order for any number of rows.
class InputLayer {
 public:
  explicit InputLayer(const NormedLayer& layer)
      : layer_(layer), by_input_(layer.weight.transpose()) {}

  [[nodiscard]] std::int64_t width() const { return by_input_.cols(); }
  [[nodiscard]] std::int64_t n_inputs() const { return by_input_.rows(); }

  /// Adds W x to `sums` (width()).
  void add(const SparseInputs& x, float* sums) const {
    const std::int64_t m = width();
    std::int64_t o = 0;
    for (; o + kTile <= m; o += kTile) {
      // Keeps the sums of a few outputs in registers.
      std::array<float, kTile> sum;
      std::copy_n(sums + o, kTile, sum.begin());
      for (std::size_t i = 0; i < x.n; ++i) {
        const float* weight = by_input_.data() + x.place[i] * m + o;
        for (std::size_t k = 0; k < sum.size(); ++k) {
          sum[k] += x.value[i] * weight[k];
        }
      }
      std::copy_n(sum.begin(), kTile, sums + o);
    }
    for (; o < m; ++o) {
      for (std::size_t i = 0; i < x.n; ++i) {
        sums[o] += x.value[i] * by_input_(x.place[i], o);
      }
    }
  }

  /// Converts the sums to the layer's output, in place.
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
  static constexpr std::int64_t kTile = 16;  // outputs at a time

  const NormedLayer& layer_;
  Matrix by_input_;  // (in, out)
};

}  // namespace

/// A head and its precomputed values for each gene.
class NeuralHeads::OnGenes {
 public:
  OnGenes(const GeneHead& head, const Matrix& genes, int threads)
      : head_(head),
        gene_(head.gene),
        pair_(head.pair),
        z_(Matrix::Zero(genes.rows(), gene_.width())),
        sums_(Matrix::Zero(genes.rows(), pair_.width())) {
    parallel_blocks(
        genes.rows(), kRowsABlock, threads,
        [&](std::int64_t first, std::int64_t last) {
          SparseInputs x(std::max(gene_.n_inputs(), pair_.n_inputs()));
          for (std::int64_t g = first; g < last; ++g) {
            gene_.add(all_of(genes, g, &x), z_.row(g).data());
            gene_.finish(z_.row(g).data());
            pair_.add(all_of(z_, g, &x), sums_.row(g).data());
          }
        });
  }

  /// Adds its scores of the pairs of these rows to `out`.
  void add(const std::vector<std::int32_t>& a,
           const std::vector<std::int32_t>& b, int threads,
           std::vector<double>* out) const {
    const auto n = static_cast<std::int64_t>(a.size());
    parallel_blocks(n, kRowsABlock, threads,
                    [&](std::int64_t first, std::int64_t last) {
                      SparseInputs both(pair_.n_inputs());
                      Eigen::RowVectorXf h(pair_.width());
                      for (std::int64_t i = first; i < last; ++i) {
                        (*out)[at(i)] += score(a[at(i)], b[at(i)], &both, &h);
                      }
                    });
  }

 private:
  static const SparseInputs& all_of(const Matrix& rows, std::int64_t row,
                                    SparseInputs* out) {
    out->n = 0;
    for (std::int64_t j = 0; j < rows.cols(); ++j) out->add(j, rows(row, j));
    return *out;
  }

  double score(std::int32_t a, std::int32_t b, SparseInputs* both,
               Eigen::RowVectorXf* h) const {
    const std::int64_t d = z_.cols();
    const float* x = z_.row(a).data();
    const float* y = z_.row(b).data();
    both->n = 0;
    for (std::int64_t j = 0; j < d; ++j) {
      both->add(d + j, std::abs(x[j] - y[j]));
    }
    for (std::int64_t j = 0; j < d; ++j) both->add(2 * d + j, x[j] * y[j]);
    *h = sums_.row(a) + sums_.row(b);
    pair_.add(*both, h->data());
    pair_.finish(h->data());
    double score = head_.intercept;
    for (std::int64_t o = 0; o < h->size(); ++o) {
      score += static_cast<double>((*h)[o]) * head_.score[at(o)];
    }
    return score;
  }

  const GeneHead& head_;
  InputLayer gene_, pair_;
  Matrix z_;     // (U, D)
  Matrix sums_;  // (U, hidden) of z_a + z_b, by gene
};

NeuralHeads::NeuralHeads(const NeuralMember& net, const Matrix& genes,
                         int threads) {
  for (const auto& head : net.heads) {
    heads_.push_back(std::make_shared<const OnGenes>(head, genes, threads));
  }
}

std::vector<double> NeuralHeads::of(const std::vector<std::int32_t>& a,
                                    const std::vector<std::int32_t>& b,
                                    int threads) const {
  std::vector<double> out(a.size(), 0.0);
  for (const auto& head : heads_) head->add(a, b, threads, &out);
  for (double& score : out) score /= static_cast<double>(heads_.size());
  return out;
}

}  // namespace musl
