#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <tuple>

#include "musl/error.h"
#include "musl/rng.h"
#include "musl/similarity.h"

namespace musl {
namespace {

Eigen::MatrixXd noise(Eigen::Index rows, Eigen::Index cols,
                      std::uint64_t seed) {
  Rng rng(seed);
  Eigen::MatrixXd x(rows, cols);
  for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = rng.normal();
  return x;
}

RMatrixView view(const Eigen::MatrixXd& x) {
  return {x.data(), x.rows(), x.cols()};
}

std::vector<std::int32_t> upto(std::int32_t n) {
  std::vector<std::int32_t> out;
  for (std::int32_t i = 0; i < n; ++i) out.push_back(i);
  return out;
}

double pearson(const Eigen::MatrixXd& x, Eigen::Index i, Eigen::Index j) {
  const Eigen::RowVectorXd a = x.row(i).array() - x.row(i).mean();
  const Eigen::RowVectorXd b = x.row(j).array() - x.row(j).mean();
  return a.dot(b) / (a.norm() * b.norm());
}

/// The walk as the benchmark does it: sorted pairs one by one, each that adds a
/// gene, then the first of the others.
std::set<std::int64_t> slow_walk(const Eigen::MatrixXd& x,
                                 const ExtremeRequest& request) {
  std::vector<std::pair<double, std::int64_t>> order;
  for (std::int32_t a = 0; a < x.rows(); ++a) {
    for (std::int32_t b = a + 1; b < x.rows(); ++b) {
      const auto has = [](const auto& v, std::int32_t g) {
        return std::count(v.begin(), v.end(), g) > 0;
      };
      const auto& ea = request.ends_a;
      const auto& eb = request.ends_b;
      const std::int64_t key = pair_key(a, b, request.n_genes);
      if (!((has(ea, a) && has(eb, b)) || (has(ea, b) && has(eb, a)))) continue;
      if (std::count(request.forbidden.begin(), request.forbidden.end(), key)) {
        continue;
      }
      const double r = pearson(x, a, b);
      order.emplace_back(request.order == PairOrder::lowest ? r : -std::abs(r),
                         key);
    }
  }
  std::sort(order.begin(), order.end());
  std::set<std::int32_t> covered;
  std::set<std::int64_t> out;
  const auto add = [&](std::int64_t key, bool any) {
    const auto a = static_cast<std::int32_t>(key / request.n_genes);
    const auto b = static_cast<std::int32_t>(key % request.n_genes);
    if (static_cast<std::int64_t>(out.size()) == request.count) return;
    if (!any && covered.count(a) && covered.count(b)) return;
    covered.insert({a, b});
    out.insert(key);
  };
  for (const auto& item : order) add(item.second, false);
  for (const auto& item : order) add(item.second, true);
  return out;
}

std::set<std::int64_t> keys_of(const PairSet& pairs, std::int64_t n_genes) {
  std::set<std::int64_t> keys;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    keys.insert(pair_key(pairs.a[i], pairs.b[i], n_genes));
  }
  return keys;
}

TEST(Similarity, ExtremePairsFollowTheWalkThatCoversTheGenes) {
  const Eigen::MatrixXd x = noise(25, 12, 2);
  for (const auto order : {PairOrder::lowest, PairOrder::largest_absolute}) {
    for (const std::int64_t count : {0, 5, 20, 100, 200}) {
      ExtremeRequest request{order, upto(25), upto(25), upto(25),
                             {},    count,    25};
      request.forbidden = {pair_key(0, 1, 25), pair_key(3, 9, 25)};
      const PairSet found = extreme_pairs(view(x), request);
      EXPECT_EQ(found.size(), count);
      EXPECT_EQ(keys_of(found, 25), slow_walk(x, request));
    }
  }
}

TEST(Similarity, ExtremePairsHaveOneEndOfEitherSide) {
  const Eigen::MatrixXd x = noise(20, 10, 3);
  ExtremeRequest request{PairOrder::lowest,
                         upto(20),
                         {0, 1, 2, 3, 4},
                         {3, 4, 5, 6, 7, 8},
                         {},
                         18,
                         20};
  EXPECT_EQ(keys_of(extreme_pairs(view(x), request), 20),
            slow_walk(x, request));
}

TEST(Similarity, GenesWithoutAVaryingProfileAreLeftOut) {
  Eigen::MatrixXd x = noise(6, 8, 4);
  // Rows 0-5 are genes 4-9 of ten.
  ExtremeRequest request{
      PairOrder::lowest, {4, 5, 6, 7, 8, 9}, upto(10), upto(10), {}, 10, 10};
  for (const double constant : {0.0, 7.3}) {
    x.row(2).setConstant(constant);
    const PairSet found = extreme_pairs(view(x), request);
    EXPECT_EQ(found.size(), 10);  // all pairs of the five that vary
    for (std::size_t i = 0; i < found.a.size(); ++i) {
      EXPECT_LT(found.a[i], found.b[i]);
      EXPECT_GE(found.a[i], 4);
      EXPECT_NE(found.a[i], 6);
      EXPECT_NE(found.b[i], 6);
    }
  }
  request.count = 11;
  try {
    (void)extreme_pairs(view(x), request);
    FAIL() << "eleven of ten pairs were taken";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("only 10 exist"), std::string::npos);
  }
  request.allow_fewer = true;
  EXPECT_EQ(extreme_pairs(view(x), request).size(), 10);
}

}  // namespace
}  // namespace musl
