#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "musl/error.h"
#include "musl/negatives.h"
#include "musl/rng.h"

namespace musl {

namespace {

/// The remaining ends of each gene, to sample genes in proportion (Fenwick
/// 1994, Softw Pract Exper 24:327).
class EndPool {
 public:
  EndPool(const std::vector<std::int32_t>& ends, std::int64_t n_genes)
      : left_(static_cast<std::size_t>(n_genes), 0),
        tree_(static_cast<std::size_t>(n_genes) + 1, 0) {
    for (const std::int32_t gene : ends) {
      if (gene < 0 || gene >= n_genes) {
        throw GeneError("Gene index " + std::to_string(gene) +
                        " of the ends is outside 0 to " +
                        std::to_string(n_genes - 1) + ".");
      }
      ++left_[static_cast<std::size_t>(gene)];
    }
    for (std::size_t g = 0; g < left_.size(); ++g) {
      add(static_cast<std::int32_t>(g), left_[g]);
    }
  }

  [[nodiscard]] std::int64_t left(std::int32_t gene) const {
    return left_[static_cast<std::size_t>(gene)];
  }
  void use(std::int32_t gene) { --left_[static_cast<std::size_t>(gene)]; }
  /// Number of ends of genes that can be sampled.
  [[nodiscard]] std::int64_t total() const { return total_; }

  /// Excludes a gene from sampling, and includes it again with its ends.
  void hide(std::int32_t gene) { add(gene, -left(gene)); }
  void show(std::int32_t gene) { add(gene, left(gene)); }

  /// Samples a gene in proportion to its ends; total() must be positive.
  [[nodiscard]] std::int32_t draw(Rng* rng) const {
    auto rest = static_cast<std::int64_t>(
        rng->below(static_cast<std::uint64_t>(total_)));
    std::size_t step = 1;
    while (step * 2 < tree_.size()) step *= 2;
    std::size_t at = 0;
    for (; step > 0; step /= 2) {
      if (at + step < tree_.size() && tree_[at + step] <= rest) {
        at += step;
        rest -= tree_[at];
      }
    }
    return static_cast<std::int32_t>(at);
  }

 private:
  void add(std::int32_t gene, std::int64_t change) {
    total_ += change;
    for (auto i = static_cast<std::size_t>(gene) + 1; i < tree_.size();
         i += i & (~i + 1)) {
      tree_[i] += change;
    }
  }

  std::vector<std::int64_t> left_;
  std::vector<std::int64_t> tree_;
  std::int64_t total_ = 0;
};

using Edges = std::vector<std::pair<std::int32_t, std::int32_t>>;

/// Samples pairs between two pools, or within one if both are the same object.
class Balancer {
 public:
  Balancer(EndPool* a, EndPool* b, const std::vector<std::int64_t>& forbidden,
           std::int64_t n_genes, std::uint64_t seed)
      : a_(a),
        b_(b),
        taken_(forbidden.begin(), forbidden.end()),
        n_genes_(n_genes),
        rng_(seed) {}

  [[nodiscard]] Edges draw() {
    for (const auto& [gene, in_a] : genes_by_ends()) choose(gene, in_a);
    place_rest();
    return std::move(edges_);
  }

 private:
  [[nodiscard]] bool one_pool() const { return a_ == b_; }

  /// Genes of either pool, most ends first, ties in random order.
  [[nodiscard]] std::vector<std::pair<std::int32_t, bool>> genes_by_ends() {
    std::vector<std::pair<std::int32_t, bool>> genes;
    for (const std::int64_t i : rng_.permutation(n_genes_)) {
      const auto gene = static_cast<std::int32_t>(i);
      if (a_->left(gene) > 0) genes.emplace_back(gene, true);
      if (!one_pool() && b_->left(gene) > 0) genes.emplace_back(gene, false);
    }
    const auto ends = [this](const auto& item) {
      return (item.second ? a_ : b_)->left(item.first);
    };
    std::stable_sort(
        genes.begin(), genes.end(),
        [&](const auto& x, const auto& y) { return ends(x) > ends(y); });
    return genes;
  }

  /// Samples partners for the ends of one gene. It can't be sampled afterwards,
  /// since its remaining ends are forbidden with every partner.
  void choose(std::int32_t gene, bool in_a) {
    EndPool* own = in_a ? a_ : b_;
    EndPool* other = in_a ? b_ : a_;
    own->hide(gene);
    std::vector<std::int32_t> tried;
    while (own->left(gene) > 0 && other->total() > 0) {
      const std::int32_t partner = other->draw(&rng_);
      other->hide(partner);
      tried.push_back(partner);
      if (!taken_.insert(pair_key(gene, partner, n_genes_)).second) continue;
      edges_.emplace_back(in_a ? gene : partner, in_a ? partner : gene);
      own->use(gene);
      other->use(partner);
    }
    for (const std::int32_t partner : tried) other->show(partner);
  }

  /// Remaining ends, in random order.
  [[nodiscard]] std::vector<std::int32_t> rest_of(const EndPool& pool) {
    std::vector<std::int32_t> rest;
    for (std::int32_t gene = 0; gene < n_genes_; ++gene) {
      rest.insert(rest.end(), static_cast<std::size_t>(pool.left(gene)), gene);
    }
    std::vector<std::int32_t> mixed;
    for (const std::int64_t i :
         rng_.permutation(static_cast<std::int64_t>(rest.size()))) {
      mixed.push_back(rest[static_cast<std::size_t>(i)]);
    }
    return mixed;
  }

  void place_rest() {
    std::vector<std::int32_t> first = rest_of(*a_);
    std::vector<std::int32_t> second;
    if (one_pool()) {
      const auto half = static_cast<std::ptrdiff_t>(first.size() / 2);
      second.assign(first.begin() + half, first.end());
      first.resize(static_cast<std::size_t>(half));
    } else {
      second = rest_of(*b_);
    }
    const std::size_t n = std::min(first.size(), second.size());
    for (std::size_t i = 0; i < n; ++i) break_up(first[i], second[i]);
  }

  /// A sampled pair x - y becomes first - y and x - second if both are free.
  void break_up(std::int32_t first, std::int32_t second) {
    constexpr int kAttempts = 200;
    for (int i = 0; i < kAttempts && !edges_.empty(); ++i) {
      const auto at = static_cast<std::size_t>(rng_.below(edges_.size()));
      auto [x, y] = edges_[at];
      if (one_pool() && rng_.below(2) == 1) std::swap(x, y);
      const std::int64_t one = pair_key(first, y, n_genes_);
      const std::int64_t two = pair_key(x, second, n_genes_);
      const bool free = first != y && x != second && one != two &&
                        taken_.count(one) == 0 && taken_.count(two) == 0;
      if (!free) continue;
      taken_.erase(pair_key(x, y, n_genes_));
      taken_.insert({one, two});
      edges_[at] = {first, y};
      edges_.emplace_back(x, second);
      return;
    }
  }

  EndPool* a_;
  EndPool* b_;
  std::unordered_set<std::int64_t> taken_;
  std::int64_t n_genes_;
  Rng rng_;
  Edges edges_;
};

}  // namespace

PairSet balance_negatives(const std::vector<std::int32_t>& ends_a,
                          const std::vector<std::int32_t>& ends_b,
                          const std::vector<std::int64_t>& forbidden,
                          std::int64_t n_genes, std::uint64_t seed) {
  EndPool a(ends_a, n_genes);
  EndPool b(ends_b, n_genes);
  EndPool* other = ends_b.empty() ? &a : &b;
  PairSet out;
  for (const auto& [x, y] :
       Balancer(&a, other, forbidden, n_genes, seed).draw()) {
    out.a.push_back(std::min(x, y));
    out.b.push_back(std::max(x, y));
    out.label.push_back(0);
  }
  return out;
}

}  // namespace musl
