#include "musl/similarity.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <string>
#include <unordered_set>
#include <utility>

#include "musl/error.h"

namespace musl {

namespace {

constexpr Eigen::Index kBlockRows = 512;

/// Centred rows of unit length. A row whose remaining length is a rounding
/// error relative to its `size` before centring becomes 0.
Matrix unit_rows(const Eigen::MatrixXd& centred, const Eigen::VectorXd& size) {
  constexpr double kRounding = 1e-9;
  Matrix out = centred.cast<float>();
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const double norm = centred.row(i).norm();
    if (norm > kRounding * size(i)) {
      out.row(i) = (centred.row(i) / norm).cast<float>();
    } else {
      out.row(i).setZero();
    }
  }
  return out;
}

/// Calls visit(i, j, x_i . y_j) for all rows, a block at a time.
template <class Visit>
void for_each_product(const Matrix& x, const Matrix& y, Visit&& visit) {
  for (Eigen::Index i = 0; i < x.rows(); i += kBlockRows) {
    const auto rows = x.middleRows(i, std::min(kBlockRows, x.rows() - i));
    for (Eigen::Index j = 0; j < y.rows(); j += kBlockRows) {
      const auto cols = y.middleRows(j, std::min(kBlockRows, y.rows() - j));
      const Matrix product = rows * cols.transpose();
      for (Eigen::Index r = 0; r < product.rows(); ++r) {
        for (Eigen::Index c = 0; c < product.cols(); ++c) {
          visit(i + r, j + c, product(r, c));
        }
      }
    }
  }
}

/// Sort key of a pair, ascending.
using Place = std::pair<float, std::int64_t>;

constexpr std::int64_t kNoKey = -1;

/// Rows of the genes in `ends` whose profile varies.
std::vector<Eigen::Index> rows_of(const std::vector<std::int32_t>& ends,
                                  const std::vector<std::int32_t>& gene,
                                  const Matrix& rows, std::int64_t n_genes) {
  std::vector<Eigen::Index> row_of(static_cast<std::size_t>(n_genes), -1);
  for (std::size_t i = 0; i < gene.size(); ++i) {
    row_of.at(static_cast<std::size_t>(gene[i])) = static_cast<Eigen::Index>(i);
  }
  std::vector<Eigen::Index> out;
  for (const std::int32_t end : ends) {
    const Eigen::Index row = row_of.at(static_cast<std::size_t>(end));
    if (row >= 0 && rows.row(row).squaredNorm() > 0.5f) out.push_back(row);
  }
  return out;
}

/// The first pairs of all, and the first pair of each gene.
class FirstPairs {
 public:
  explicit FirstPairs(const ExtremeRequest& request)
      : request_(request),
        forbidden_(request.forbidden.begin(), request.forbidden.end()),
        best_(static_cast<std::size_t>(request.n_genes), {0.0f, kNoKey}) {}

  void offer(std::int32_t a, std::int32_t b, float correlation) {
    const float score = request_.order == PairOrder::lowest
                            ? correlation
                            : -std::abs(correlation);
    const Place place{score, pair_key(a, b, request_.n_genes)};
    Place& best_a = best_[static_cast<std::size_t>(a)];
    Place& best_b = best_[static_cast<std::size_t>(b)];
    const bool first_of_a = best_a.second == kNoKey || place < best_a;
    const bool first_of_b = best_b.second == kNoKey || place < best_b;
    const bool first = static_cast<std::int64_t>(heap_.size()) < wanted() ||
                       (!heap_.empty() && place < heap_.top());
    // Most pairs are none of these, which saves the lookup.
    if (!first_of_a && !first_of_b && !first) return;
    if (forbidden_.count(place.second) > 0) return;
    if (first_of_a) best_a = place;
    if (first_of_b) best_b = place;
    if (first) heap_.push(place);
    if (static_cast<std::int64_t>(heap_.size()) > wanted()) heap_.pop();
  }

  [[nodiscard]] std::vector<Place> take() {
    std::vector<Place> cover;
    for (const Place& place : best_) {
      if (place.second != kNoKey) cover.push_back(place);
    }
    std::sort(cover.begin(), cover.end());
    cover.erase(std::unique(cover.begin(), cover.end()), cover.end());
    std::vector<Place> all;
    for (; !heap_.empty(); heap_.pop()) all.push_back(heap_.top());
    std::reverse(all.begin(), all.end());

    std::vector<Place> out = cover;
    for (const Place& place : all) {
      if (!std::binary_search(cover.begin(), cover.end(), place)) {
        out.push_back(place);
      }
    }
    out.resize(std::min(out.size(), static_cast<std::size_t>(wanted())));
    return out;
  }

 private:
  [[nodiscard]] std::int64_t wanted() const { return request_.count; }

  const ExtremeRequest& request_;
  std::unordered_set<std::int64_t> forbidden_;
  std::vector<Place> best_;
  std::priority_queue<Place> heap_;
};

Matrix pick_rows(const Matrix& rows, const std::vector<Eigen::Index>& which) {
  Matrix out(static_cast<Eigen::Index>(which.size()), rows.cols());
  for (std::size_t i = 0; i < which.size(); ++i) {
    out.row(static_cast<Eigen::Index>(i)) = rows.row(which[i]);
  }
  return out;
}

std::vector<bool> flags(const std::vector<Eigen::Index>& rows, Eigen::Index n) {
  std::vector<bool> out(static_cast<std::size_t>(n), false);
  for (const Eigen::Index row : rows) out[static_cast<std::size_t>(row)] = true;
  return out;
}

}  // namespace

PairSet extreme_pairs(const RMatrixView& profiles,
                      const ExtremeRequest& request) {
  const Matrix rows = unit_rows(profiles.colwise() - profiles.rowwise().mean(),
                                profiles.rowwise().norm());
  const auto side_a =
      rows_of(request.ends_a, request.gene, rows, request.n_genes);
  const auto side_b =
      rows_of(request.ends_b, request.gene, rows, request.n_genes);
  const auto in_a = flags(side_a, rows.rows());
  const auto in_b = flags(side_b, rows.rows());

  FirstPairs first(request);
  for_each_product(
      pick_rows(rows, side_a), pick_rows(rows, side_b),
      [&](auto i, auto j, float correlation) {
        const auto x =
            static_cast<std::size_t>(side_a[static_cast<std::size_t>(i)]);
        const auto y =
            static_cast<std::size_t>(side_b[static_cast<std::size_t>(j)]);
        // A pair of genes that are on both sides occurs twice.
        if (x == y || (x > y && in_b[x] && in_a[y])) return;
        first.offer(request.gene[x], request.gene[y], correlation);
      });

  const std::vector<Place> taken = first.take();
  const auto n = static_cast<std::int64_t>(taken.size());
  if (n < request.count && !request.allow_fewer) {
    throw InputError("Can't take " + std::to_string(request.count) +
                     " pairs by their correlation: only " + std::to_string(n) +
                     " exist beside the known and the excluded pairs. Ask for "
                     "fewer or give profiles of more genes.");
  }
  PairSet out;
  for (const Place& place : taken) {
    out.a.push_back(static_cast<std::int32_t>(place.second / request.n_genes));
    out.b.push_back(static_cast<std::int32_t>(place.second % request.n_genes));
    out.label.push_back(0);
  }
  return out;
}

}  // namespace musl
