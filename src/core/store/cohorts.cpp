// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "store/cohorts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "base/sorted_ids.h"
#include "expression/expression.h"
#include "expression/read_rows.h"
#include "store/leading_axes.h"
#include "store/line_expression.h"
#include "store/part.h"

namespace musl {

namespace {

// Rows that are dense at a time: as many as take 64 MiB, at most kDenseRows.
constexpr std::int64_t kDenseRows = 1024;
constexpr std::int64_t kDenseValues = std::int64_t{1} << 23;

// Correlations of more samples differ by less than a profile's rounding, and a
// genome of 100,000 cells would take 8 GB.
constexpr std::int64_t kMostSamples = 8192;

/// Every sample, or kMostSamples of them, evenly spread.
std::vector<std::size_t> profile_samples(std::int64_t n) {
  const std::int64_t kept = std::min(n, kMostSamples);
  std::vector<std::size_t> out;
  for (std::int64_t i = 0; i < kept; ++i) out.push_back(at(i * n / kept));
  return out;
}

/// The sum of n finite values, each rounded to 2^-62 n of the largest: the same
/// bits in any order of the values.
template <class Value>
double sum_in_any_order(std::size_t n, const Value& value) {
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    largest = std::max(largest, std::abs(value(i)));
  }
  const int bits = 62 - std::ilogb(static_cast<double>(n)) - 1;
  const int shift =
      largest > 0 ? std::min(bits - std::ilogb(largest) - 1, 1000) : 0;
  const double scale = std::ldexp(1.0, shift);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += static_cast<std::int64_t>(value(i) * scale);
  }
  return std::ldexp(static_cast<double>(sum), -shift);
}

/// The mean, within the range of the values: equal values have no spread.
double mean_of(const std::vector<double>& x) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double sum = sum_in_any_order(x.size(), [&](auto i) { return x[i]; });
  return std::clamp(sum / static_cast<double>(x.size()), *low, *high);
}

/// Of values less `shift`; infinite if they are not finite.
double sum_of_squares(const std::vector<double>& x, double shift) {
  const auto square = [&](std::size_t i) {
    return (x[i] - shift) * (x[i] - shift);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(square(i))) return HUGE_VAL;
  }
  return sum_in_any_order(x.size(), square);
}

/// The samples, ordered by their values: the same order for the same samples,
/// however they and the genes were given.
///
/// rows  (G, S)
std::vector<Eigen::Index> order_by_content(const Matrix& rows, int threads) {
  constexpr Eigen::Index kBlock = 64;
  SampleKeys keys(at(rows.cols()));
  parallel_blocks(rows.cols(), kBlock, threads, [&](auto first, auto last) {
    for (Eigen::Index g = 0; g < rows.rows(); ++g) {
      for (Eigen::Index s = first; s < last; ++s) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &rows(g, s), sizeof(bits));
        keys.add(at(s), bits);
      }
    }
  });
  return keys.order<Eigen::Index>();
}

void order_columns(const std::vector<Eigen::Index>& order, int threads,
                   Matrix* rows) {
  parallel_for(rows->rows(), threads, [&](std::int64_t g) {
    const Eigen::RowVectorXf row = rows->row(g);
    for (std::size_t s = 0; s < order.size(); ++s) {
      (*rows)(g, static_cast<Eigen::Index>(s)) = row[order[s]];
    }
  });
}

/// Of a gene: the share of samples that express it, and the share of exact
/// zeros, negative if a value is below 0.
struct Expressed {
  float above = kFloatNaN, zero = kFloatNaN;
};

Expressed expressed_of(const std::vector<double>& x) {
  const auto share = [&](auto holds) {
    return static_cast<float>(std::count_if(x.begin(), x.end(), holds)) /
           static_cast<float>(x.size());
  };
  const bool below =
      std::any_of(x.begin(), x.end(), [](double v) { return v < 0; });
  return {share([](double v) { return v > kExpressedLevel; }),
          below ? -1 : share([](double v) { return v == 0; })};
}

/// The shares above, if the level 1 tells expressed genes from others, as of
/// counts: values begin at 0, which is not rare as in arrays, and not the rule
/// as in single cells.
std::vector<float> expressed_if_counted(const std::vector<Expressed>& genes) {
  constexpr float kRare = .01F, kRule = .6F;
  float zero = 0, n = 0;
  std::vector<float> out;
  for (const Expressed& gene : genes) {
    out.push_back(gene.above);
    if (std::isnan(gene.zero)) continue;
    if (gene.zero < 0) return {};
    zero += gene.zero;
    ++n;
  }
  if (zero < kRare * n || zero > kRule * n) return {};
  return out;
}

/// Fills one gene's mean and sd, of all samples, and its standardised row.
void describe(std::vector<double>* values, bool linear, std::int32_t gene,
              const std::vector<std::size_t>& samples, ExpressionEvidence* out,
              Matrix* rows) {
  auto& x = *values;
  if (linear) {
    for (double& v : x) v = std::log2(std::max(v, 0.0) + 1);
  }
  const bool finite = std::all_of(x.begin(), x.end(),
                                  [](double v) { return std::isfinite(v); });
  const double mean = finite ? mean_of(x) : HUGE_VAL;
  double squares = sum_of_squares(x, mean);
  if (!std::isfinite(squares)) {
    throw InputError("Expression must be finite; cohort \"" + out->name +
                     "\" has another value.");
  }
  out->mean[at(gene)] = static_cast<float>(mean);
  out->sd[at(gene)] =
      static_cast<float>(std::sqrt(squares / static_cast<double>(x.size())));
  double shift = mean;
  if (samples.size() < x.size()) {
    std::vector<double> some;
    for (const std::size_t s : samples) some.push_back(x[s]);
    shift = mean_of(some);
    squares = sum_of_squares(some, shift);
  }
  const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    (*rows)(gene, static_cast<Eigen::Index>(i)) =
        static_cast<float>((x[samples[i]] - shift) * scale);
  }
}

Cohorts make_cohorts(const EvidenceInput& input, std::uint64_t /*seed*/,
                     int threads) {
  Cohorts out;
  for (const auto& cohort : input.cohorts) {
    out.push_back(
        make_expression_evidence(cohort, input.n_genes, threads, input.bits));
  }
  return out;
}

const bool kCohortsAreRegistered = register_part(
    part_kind<Cohorts, make_cohorts>("cohorts", nullptr, /*if_empty=*/true));

}  // namespace

ExpressionEvidence make_expression_evidence(const ExpressionInput& input,
                                            std::int64_t n_genes, int threads,
                                            int bits) {
  const AssayView& assay = input.assays.at(0);
  ExpressionEvidence out;
  out.name = input.name;
  out.mean.assign(at(n_genes), kFloatNaN);
  out.sd.assign(at(n_genes), kFloatNaN);
  const auto samples = profile_samples(assay.cols());
  Matrix rows = Matrix::Zero(n_genes, size_of(samples));
  std::vector<Expressed> expressed(at(n_genes));
  AssayReader reader(assay);
  const std::int64_t block = std::clamp<std::int64_t>(
      kDenseValues / std::max<std::int64_t>(assay.cols(), 1), 1, kDenseRows);
  for (std::int64_t first = 0; first < assay.rows(); first += block) {
    const std::int64_t n = std::min(block, assay.rows() - first);
    reader.load(first, n);
    parallel_for(n, threads, [&](std::int64_t i) {
      const std::int32_t gene = input.gene_of_row[at(first + i)];
      if (gene < 0 || gene >= n_genes) return;
      std::vector<double> values(at(assay.cols()));
      reader.copy_row(first + i, values.data());
      describe(&values, input.linear, gene, samples, &out, &rows);
      expressed[at(gene)] = expressed_of(values);
    });
  }
  out.expressed = expressed_if_counted(expressed);
  order_columns(order_by_content(rows, threads), threads, &rows);
  out.profile = make_unit_rows(on_leading_axes(std::move(rows), threads), bits);
  return out;
}

}  // namespace musl
