#include "nn/inputs/expression_check.h"

#include <algorithm>
#include <string>

#include "musl/descriptors.h"
#include "musl/error.h"
#include "musl/histogram.h"

namespace musl::nn {

namespace {

void check_codes(const std::vector<AssayFeatures>& features, std::int64_t rows,
                 std::int64_t samples, const std::string& of) {
  for (const auto& assay : features) {
    require_equal(assay.codes.rows(), rows, "rows of codes" + of);
    require_equal(assay.codes.cols(), samples, "samples of codes" + of);
  }
}

/// Checks that rows and samples of a cohort are consistent.
void check_cohort(const ExpressionCohort& cohort, std::int64_t n_genes,
                  int bins) {
  const std::string of = " of cohort \"" + cohort.name + "\"";
  const std::int64_t rows = cohort.n_rows();
  const std::int64_t samples = cohort.n_samples;
  require_equal(static_cast<std::int64_t>(cohort.row_of_gene.size()), n_genes,
                "genes" + of);
  for (const std::int32_t row : cohort.row_of_gene) {
    if (row >= -1 && row < rows) continue;
    throw ShapeError("A gene's row must be -1 to " + std::to_string(rows - 1) +
                     of + "; found " + std::to_string(row) + ".");
  }
  require_equal(cohort.config.bins, bins, "histogram bins" + of);
  if (cohort.assays.empty()) throw ShapeError("There is no assay" + of + ".");
  require_equal(static_cast<std::int64_t>(cohort.transformed.size()),
                static_cast<std::int64_t>(cohort.config.transforms.size() *
                                          cohort.assays.size()),
                "transformed assays" + of);
  if (rows == 0) return;  // carried over from a model without inputs
  require_equal(cohort.marginals.cols(), kMarginals, "marginals" + of);
  check_codes(cohort.transformed, rows, samples, of);
  if (cohort.is_folded()) {
    require_equal(cohort.steps.rows(), rows, "rows of steps" + of);
    require_equal(cohort.steps.cols(), samples, "samples of steps" + of);
    return;
  }
  check_codes(cohort.assays, rows, samples, of);
  if (cohort.tables != nullptr) {
    require_equal(cohort.steps.rows(), rows, "rows of steps" + of);
    require_equal(cohort.steps.cols(), samples, "samples of steps" + of);
    require_equal(cohort.tables->flags.rows(), rows, "rows of tables" + of);
    return;
  }
  for (const Matrix* matrix :
       {&cohort.standardised, &cohort.ranked, &cohort.biweight}) {
    require_equal(matrix->rows(), rows, "standardised rows" + of);
    require_equal(matrix->cols(), samples, "standardised samples" + of);
  }
  require_equal(cohort.flags.rows(), rows, "rows of flags" + of);
  require_equal(cohort.flags.cols(), samples, "samples of flags" + of);
}

int channels_of(const Dataset& data) {
  int channels = 0;
  for (const auto& cohort : data.cohorts)
    channels += symmetric_channels(cohort);
  return channels;
}

}  // namespace

void check_cohorts(const KnownSizes& known, const Dataset& data) {
  if (data.cohorts.empty()) return;  // the modality is masked
  const auto& cohorts = known.data.cohorts;
  require_equal(static_cast<std::int64_t>(data.cohorts.size()),
                static_cast<std::int64_t>(cohorts.size()),
                "expression cohorts");
  for (std::size_t i = 0; i < data.cohorts.size(); ++i) {
    const auto& cohort = data.cohorts[i];
    check_cohort(cohort, data.n_genes, known.bins);
    if (cohorts[i].name != cohort.name) {
      throw ShapeError("Expression cohort " + std::to_string(i + 1) +
                       " must be \"" + cohorts[i].name + "\", not \"" +
                       cohort.name + "\".");
    }
  }
  require_equal(channels_of(data), channels_of(known.data),
                "histogram channels (assays squared)");
}

bool in_a_cohort(const Dataset& data, std::int32_t a, std::int32_t b) {
  return std::any_of(
      data.cohorts.begin(), data.cohorts.end(),
      [a, b](const ExpressionCohort& cohort) { return cohort.has_pair(a, b); });
}

}  // namespace musl::nn
