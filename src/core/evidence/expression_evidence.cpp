// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "evidence/expression_evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "evidence/leading_axes.h"
#include "musl/assay.h"
#include "musl/error.h"
#include "musl/parallel.h"

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

/// The mean, within the range of the values: equal values have no spread.
double mean_of(const std::vector<double>& x) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double sum = std::accumulate(x.begin(), x.end(), 0.0);
  return std::clamp(sum / static_cast<double>(x.size()), *low, *high);
}

/// Fills one gene's mean and sd, of all samples, and its standardised row.
void describe(std::vector<double>* values, bool linear, std::int32_t gene,
              const std::vector<std::size_t>& samples, ExpressionEvidence* out,
              Matrix* rows) {
  auto& x = *values;
  if (linear) {
    for (double& v : x) v = std::log2(std::max(v, 0.0) + 1);
  }
  const double mean = mean_of(x);
  double squares = 0;
  for (double& v : x) {
    v -= mean;
    squares += v * v;
  }
  if (!std::isfinite(squares)) {
    throw InputError("Expression must be finite; source \"" + out->name +
                     "\" has another value.");
  }
  out->mean[at(gene)] = static_cast<float>(mean);
  out->sd[at(gene)] =
      static_cast<float>(std::sqrt(squares / static_cast<double>(x.size())));
  double shift = 0;
  if (samples.size() < x.size()) {
    std::vector<double> some;
    for (const std::size_t s : samples) some.push_back(x[s]);
    shift = mean_of(some);
    squares = 0;
    for (const double v : some) squares += std::pow(v - shift, 2);
  }
  const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    (*rows)(gene, static_cast<Eigen::Index>(i)) =
        static_cast<float>((x[samples[i]] - shift) * scale);
  }
}

}  // namespace

ExpressionEvidence make_expression_evidence(const ExpressionInput& input,
                                            std::int64_t n_genes, int threads) {
  const AssayView& assay = input.assays.at(0);
  ExpressionEvidence out;
  out.name = input.name;
  out.mean.assign(at(n_genes), kFloatNaN);
  out.sd.assign(at(n_genes), kFloatNaN);
  const auto samples = profile_samples(assay.cols());
  Matrix rows = Matrix::Zero(n_genes, size_of(samples));
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
    });
  }
  out.profile = make_unit_rows(on_leading_axes(std::move(rows), threads));
  return out;
}

std::vector<float> percentiles(const std::vector<float>& values) {
  std::vector<float> sorted;
  for (const float v : values) {
    if (!std::isnan(v)) sorted.push_back(v);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<float> out(values.size(), kFloatNaN);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto range =
        std::equal_range(sorted.begin(), sorted.end(), values[i]);
    const auto below = static_cast<double>(range.first - sorted.begin());
    const auto upto = static_cast<double>(range.second - sorted.begin());
    out[i] = static_cast<float>((below + upto) / 2 /
                                static_cast<double>(sorted.size()));
  }
  return out;
}

ExpressionLevels expression_levels(const EvidenceStore& store) {
  ExpressionLevels out;
  for (const auto& source : store.sources) {
    out.each.push_back(percentiles(source.mean));
  }
  for (const auto& column : store.genes) {
    if (column.role != "expression") continue;
    out.each.push_back(percentiles(column.value));
  }
  out.mean.assign(at(store.n_genes), kFloatNaN);
  out.lowest = out.mean;
  for (std::size_t g = 0; g < out.mean.size(); ++g) {
    float sum = 0, n = 0;
    for (const auto& level : out.each) {
      if (std::isnan(level[g])) continue;
      sum += level[g];
      ++n;
      out.lowest[g] = std::fmin(out.lowest[g], level[g]);
    }
    if (n > 0) out.mean[g] = sum / n;
  }
  return out;
}

}  // namespace musl
