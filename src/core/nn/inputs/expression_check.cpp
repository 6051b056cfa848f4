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

/// Checks that rows and samples of a source are consistent.
void check_source(const ExpressionSource& source, std::int64_t n_genes,
                  int bins) {
  const std::string of = " of source \"" + source.name + "\"";
  const std::int64_t rows = source.n_rows();
  const std::int64_t samples = source.n_samples;
  require_equal(static_cast<std::int64_t>(source.row_of_gene.size()), n_genes,
                "genes" + of);
  for (const std::int32_t row : source.row_of_gene) {
    if (row >= -1 && row < rows) continue;
    throw ShapeError("A gene's row must be -1 to " + std::to_string(rows - 1) +
                     of + "; found " + std::to_string(row) + ".");
  }
  require_equal(source.config.bins, bins, "histogram bins" + of);
  if (source.assays.empty()) throw ShapeError("There is no assay" + of + ".");
  require_equal(static_cast<std::int64_t>(source.transformed.size()),
                static_cast<std::int64_t>(source.config.transforms.size() *
                                          source.assays.size()),
                "transformed assays" + of);
  if (rows == 0) return;  // carried over from a model without inputs
  require_equal(source.marginals.cols(), kMarginals, "marginals" + of);
  check_codes(source.transformed, rows, samples, of);
  if (source.is_folded()) {
    require_equal(source.steps.rows(), rows, "rows of steps" + of);
    require_equal(source.steps.cols(), samples, "samples of steps" + of);
    return;
  }
  check_codes(source.assays, rows, samples, of);
  if (source.tables != nullptr) {
    require_equal(source.steps.rows(), rows, "rows of steps" + of);
    require_equal(source.steps.cols(), samples, "samples of steps" + of);
    require_equal(source.tables->flags.rows(), rows, "rows of tables" + of);
    return;
  }
  for (const Matrix* matrix :
       {&source.standardised, &source.ranked, &source.biweight}) {
    require_equal(matrix->rows(), rows, "standardised rows" + of);
    require_equal(matrix->cols(), samples, "standardised samples" + of);
  }
  require_equal(source.flags.rows(), rows, "rows of flags" + of);
  require_equal(source.flags.cols(), samples, "samples of flags" + of);
}

int channels_of(const Dataset& data) {
  int channels = 0;
  for (const auto& source : data.sources)
    channels += symmetric_channels(source);
  return channels;
}

}  // namespace

void check_sources(const KnownSizes& known, const Dataset& data) {
  if (data.sources.empty()) return;  // the modality is masked
  const auto& sources = known.data.sources;
  require_equal(static_cast<std::int64_t>(data.sources.size()),
                static_cast<std::int64_t>(sources.size()),
                "expression sources");
  for (std::size_t i = 0; i < data.sources.size(); ++i) {
    const auto& source = data.sources[i];
    check_source(source, data.n_genes, known.bins);
    if (sources[i].name != source.name) {
      throw ShapeError("Expression source " + std::to_string(i + 1) +
                       " must be \"" + sources[i].name + "\", not \"" +
                       source.name + "\".");
    }
  }
  require_equal(channels_of(data), channels_of(known.data),
                "histogram channels (assays squared)");
}

bool in_a_source(const Dataset& data, std::int32_t a, std::int32_t b) {
  return std::any_of(
      data.sources.begin(), data.sources.end(),
      [a, b](const ExpressionSource& source) { return source.has_pair(a, b); });
}

}  // namespace musl::nn
