#include "dependency/dependency.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/numbers.h"
#include "base/parallel.h"
#include "dependency/rank_test.h"

namespace musl {

namespace {

/// Genes that one thread processes at a time. Columns of the matrix are long,
/// so rows are read as tiles of this many.
constexpr std::int64_t kGenesPerTile = 32;

/// Median of ascending values.
double median_of(const std::vector<double>& value, std::size_t n) {
  if (n == 0) return kNaN;
  const double upper = value[n / 2];
  return n % 2 == 1 ? upper : (value[n / 2 - 1] + upper) / 2;
}

/// The lines stratum by stratum, and in each by ascending value.
struct StrataOrder {
  std::vector<std::int32_t> start;  // (strata + 1)
  std::vector<double> value;
  std::vector<std::int32_t> sample;
};

void sort_strata(const SortedRow& row, const std::vector<std::int32_t>& stratum,
                 std::int32_t n_strata, StrataOrder* out) {
  // One extra element keeps the running ends separate from the starts.
  out->start.assign(static_cast<std::size_t>(n_strata) + 2, 0);
  const auto stratum_of = [&](std::size_t i) {
    return stratum[static_cast<std::size_t>(row.sample[i])];
  };
  for (std::size_t i = 0; i < row.value.size(); ++i) {
    const std::int32_t s = stratum_of(i);
    if (s >= 0) ++out->start[static_cast<std::size_t>(s) + 2];
  }
  for (std::size_t s = 2; s < out->start.size(); ++s) {
    out->start[s] += out->start[s - 1];
  }
  const auto n = static_cast<std::size_t>(out->start.back());
  out->value.resize(n);
  out->sample.resize(n);
  for (std::size_t i = 0; i < row.value.size(); ++i) {
    const std::int32_t s = stratum_of(i);
    if (s < 0) continue;
    const auto at =
        static_cast<std::size_t>(out->start[static_cast<std::size_t>(s) + 1]++);
    out->value[at] = row.value[i];
    out->sample[at] = row.sample[i];
  }
}

/// What one thread needs to screen a tile of genes.
class GeneScreen {
 public:
  GeneScreen(const RMatrixView& values, const DependencyDesign& design,
             std::int32_t n_strata, DependencyResult* out)
      : values_(values), design_(design), n_strata_(n_strata), out_(out) {}

  void run(std::int64_t first, std::int64_t size) {
    const RowTile tile = values_.middleRows(first, size);
    for (std::int64_t i = 0; i < size; ++i) {
      row_ = sort_row(tile.row(i).data(), tile.cols());
      if (n_strata_ > 0) {
        sort_strata(row_, design_.stratum, n_strata_, &strata_);
      }
      for (std::size_t a = 0; a < design_.groups.size(); ++a) {
        const auto at = static_cast<std::int64_t>(a) * values_.rows();
        compare(design_.groups[a], static_cast<std::size_t>(at + first + i));
      }
    }
  }

 private:
  using RowTile =
      Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  void compare(const std::vector<Group>& group, std::size_t at) {
    const auto n = static_cast<std::int64_t>(row_.value.size());
    const RankSums sums =
        rank_sums(row_.value.data(), row_.sample.data(), n, group.data());
    out_->n_loss[at] = static_cast<std::int32_t>(sums.n_loss);
    out_->n_rest[at] = static_cast<std::int32_t>(sums.n_rest);
    put_medians(group, sums, at);
    if (std::min(sums.n_loss, sums.n_rest) < design_.min_lines) return;
    out_->delta[at] = cliffs_delta(sums);
    const TailTest test = rank_sum_test(sums, true);
    out_->p_two_sided[at] = test.two_sided;
    out_->p_less[at] = test.less;
    if (n_strata_ > 0) put_stratified(group, at);
  }

  void put_medians(const std::vector<Group>& group, const RankSums& sums,
                   std::size_t at) {
    // Written before it is known whether the value is in the group.
    loss_.resize(static_cast<std::size_t>(sums.n_loss) + 1);
    rest_.resize(static_cast<std::size_t>(sums.n_rest) + 1);
    std::size_t n_loss = 0, n_rest = 0;
    for (std::size_t i = 0; i < row_.value.size(); ++i) {
      const Group g = group[static_cast<std::size_t>(row_.sample[i])];
      loss_[n_loss] = row_.value[i];
      rest_[n_rest] = row_.value[i];
      n_loss += g == kLoss;
      n_rest += g == kRest;
    }
    out_->median_loss[at] = median_of(loss_, n_loss);
    out_->median_rest[at] = median_of(rest_, n_rest);
  }

  void put_stratified(const std::vector<Group>& group, std::size_t at) {
    StratifiedTest stratified;
    for (std::int32_t s = 0; s < n_strata_; ++s) {
      const std::int32_t start = strata_.start[static_cast<std::size_t>(s)];
      const std::int32_t end = strata_.start[static_cast<std::size_t>(s) + 1];
      stratified.add(rank_sums(strata_.value.data() + start,
                               strata_.sample.data() + start, end - start,
                               group.data()));
    }
    out_->n_strata[at] = static_cast<std::int32_t>(stratified.n_strata());
    const TailTest test = stratified.test();
    out_->p_two_sided_stratified[at] = test.two_sided;
    out_->p_less_stratified[at] = test.less;
  }

  const RMatrixView& values_;
  const DependencyDesign& design_;
  std::int32_t n_strata_;
  DependencyResult* out_;
  SortedRow row_;
  StrataOrder strata_;
  std::vector<double> loss_, rest_;
};

DependencyResult empty_result(std::size_t n) {
  DependencyResult out;
  for (auto* counts : {&out.n_loss, &out.n_rest, &out.n_strata}) {
    counts->assign(n, 0);
  }
  for (auto* numbers :
       {&out.median_loss, &out.median_rest, &out.delta, &out.p_two_sided,
        &out.p_less, &out.p_two_sided_stratified, &out.p_less_stratified}) {
    numbers->assign(n, kNaN);
  }
  return out;
}

}  // namespace

DependencyResult differential_dependency(const RMatrixView& values,
                                         const DependencyDesign& design,
                                         int threads,
                                         const std::function<bool()>& tick) {
  std::int32_t n_strata = 0;
  for (const std::int32_t s : design.stratum) {
    n_strata = std::max(n_strata, s + 1);
  }
  const std::int64_t n_genes = values.rows();
  DependencyResult out =
      empty_result(static_cast<std::size_t>(n_genes) * design.groups.size());
  parallel_blocks(
      n_genes, kGenesPerTile, threads,
      [&](std::int64_t first, std::int64_t last) {
        GeneScreen(values, design, n_strata, &out).run(first, last - first);
      },
      tick);
  return out;
}

std::vector<double> shares_beyond(const RMatrixView& values, double limit,
                                  bool above) {
  const auto n_genes = static_cast<std::size_t>(values.rows());
  std::vector<std::int32_t> beyond(n_genes, 0), known(n_genes, 0);
  for (Eigen::Index line = 0; line < values.cols(); ++line) {
    for (std::size_t g = 0; g < n_genes; ++g) {
      const double x = values(static_cast<Eigen::Index>(g), line);
      known[g] += !std::isnan(x);
      beyond[g] += above ? x > limit : x < limit;
    }
  }
  std::vector<double> share(n_genes);
  for (std::size_t g = 0; g < n_genes; ++g) {
    share[g] = static_cast<double>(beyond[g]) / known[g];
  }
  return share;
}

}  // namespace musl
