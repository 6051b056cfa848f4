#include "musl/expression.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "expression/levels.h"
#include "expression/profile.h"
#include "expression/read_rows.h"
#include "expression/row_binner.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;  // of linear values, as in CNNC

void check_genes(const ExpressionInput& input, std::int64_t n_genes) {
  const std::string source = "Source \"" + input.name + "\" ";
  std::vector<std::int64_t> row_of(static_cast<std::size_t>(n_genes), -1);
  for (std::size_t row = 0; row < input.gene_of_row.size(); ++row) {
    const std::int32_t gene = input.gene_of_row[row];
    if (gene < 0 || gene >= n_genes) {
      throw GeneError(source + "has a row of gene index " +
                      std::to_string(gene) + ", outside 0 to " +
                      std::to_string(n_genes - 1) + ".");
    }
    auto& first = row_of[static_cast<std::size_t>(gene)];
    if (first >= 0) {
      throw InputError(source + "has gene index " + std::to_string(gene) +
                       " in rows " + std::to_string(first) + " and " +
                       std::to_string(row) + "; a gene must have one row.");
    }
    first = static_cast<std::int64_t>(row);
  }
}

void check_input(const ExpressionInput& input, const ExpressionConfig& config,
                 std::int64_t n_genes, const ExpressionSource* known) {
  const std::string source = "Source \"" + input.name + "\" ";
  if (config.bins < 2 || config.bins > 64) {
    throw InputError("The number of bins must be 2 to 64, not " +
                     std::to_string(config.bins) + ".");
  }
  if (input.assays.empty()) throw InputError(source + "must have an assay.");
  const auto rows = input.assays[0].rows();
  const auto samples = input.assays[0].cols();
  if (samples == 0) throw InputError(source + "must have a sample; it has 0.");
  for (const auto& assay : input.assays) {
    if (assay.rows() == rows && assay.cols() == samples) continue;
    throw ShapeError(source + "must have assays of one size: " +
                     std::to_string(rows) + " x " + std::to_string(samples) +
                     " and " + std::to_string(assay.rows()) + " x " +
                     std::to_string(assay.cols()) + " found.");
  }
  if (static_cast<std::int64_t>(input.gene_of_row.size()) != rows) {
    throw ShapeError(source + "must name the gene of each row: " +
                     std::to_string(input.gene_of_row.size()) + " genes, " +
                     std::to_string(rows) + " rows.");
  }
  check_genes(input, n_genes);
  if (!config.transforms.empty() && config.binning == BinMethod::rank) {
    throw InputError(
        "Transforms need `binning` \"value\": they leave ranks as they are.");
  }
  if (known != nullptr && known->transformed.size() !=
                              config.transforms.size() * known->assays.size()) {
    throw ShapeError(source + "must have the transforms of the known source.");
  }
  if (known != nullptr && known->assays.size() != input.assays.size()) {
    throw ShapeError(source + "must have the " +
                     std::to_string(known->assays.size()) +
                     " assays of the known source, not " +
                     std::to_string(input.assays.size()) + ".");
  }
}

/// The row of the source for each row of the input: as given, or by gene, so
/// that sums over rows do not depend on how they were given.
std::vector<std::int64_t> places_of_rows(const ExpressionInput& input,
                                         std::int64_t n_genes, bool by_gene) {
  std::vector<std::int64_t> place(input.gene_of_row.size());
  std::iota(place.begin(), place.end(), std::int64_t{0});
  if (!by_gene) return place;
  std::vector<std::int64_t> below(static_cast<std::size_t>(n_genes) + 1, 0);
  for (const std::int32_t gene : input.gene_of_row) {
    below[static_cast<std::size_t>(gene) + 1] = 1;
  }
  std::partial_sum(below.begin(), below.end(), below.begin());
  for (std::size_t row = 0; row < place.size(); ++row) {
    place[row] = below[static_cast<std::size_t>(input.gene_of_row[row])];
  }
  return place;
}

ExpressionSource empty_source(const ExpressionInput& input,
                              const ExpressionConfig& config,
                              std::int64_t n_genes,
                              const std::vector<std::int64_t>& place) {
  const auto rows = input.assays[0].rows();
  const auto samples = input.assays[0].cols();
  ExpressionSource source;
  source.name = input.name;
  source.config = config;
  source.n_samples = samples;
  source.row_of_gene.assign(static_cast<std::size_t>(n_genes), -1);
  for (std::size_t row = 0; row < input.gene_of_row.size(); ++row) {
    source.row_of_gene[static_cast<std::size_t>(input.gene_of_row[row])] =
        static_cast<std::int32_t>(place[row]);
  }
  source.assays.resize(input.assays.size());
  source.transformed.resize(config.transforms.size() * input.assays.size());
  for (auto* features : {&source.assays, &source.transformed}) {
    for (auto& assay : *features) {
      assay.codes.resize(rows, samples);
      if (config.binning != BinMethod::value) continue;
      assay.edges.lower.assign(static_cast<std::size_t>(rows), 0.0f);
      assay.edges.upper.assign(static_cast<std::size_t>(rows), 0.0f);
    }
  }
  source.marginals = Matrix::Zero(rows, kMarginals);
  return source;
}

void check_row(const ExpressionInput& input, std::size_t assay,
               std::int64_t row, const std::vector<double>& given) {
  for (std::size_t s = 0; s < given.size(); ++s) {
    const double value = given[s];
    if (!std::isfinite(value) || (input.linear && value < 0)) {
      throw InputError("Source \"" + input.name + "\" must hold finite values" +
                       (input.linear ? ", on the linear scale >= 0" : "") +
                       ": " + std::to_string(value) + " found in assay " +
                       std::to_string(assay + 1) + ", row " +
                       std::to_string(row + 1) + ", sample " +
                       std::to_string(s + 1) + ".");
    }
  }
}

/// Logs the values given when they are linear.
void log_profile(const ExpressionInput& input, ProfileValues* out) {
  out->linear = input.linear;
  out->logged = out->given;
  if (!input.linear) return;
  for (double& v : out->logged) v = std::log10(v + kPseudocount);
}

BinRange range_of(const BinEdges& edges, std::int64_t row) {
  const auto r = static_cast<std::size_t>(row);
  return {edges.lower[r], edges.upper[r]};
}

/// The range of a gene in a known source.
std::optional<BinRange> known_range(
    const ExpressionSource* known,
    std::vector<AssayFeatures> ExpressionSource::*features, std::int32_t gene,
    std::size_t at) {
  if (known == nullptr || !known->has_gene(gene)) return {};
  const BinEdges& edges = (known->*features)[at].edges;
  if (edges.lower.empty()) return {};
  return range_of(edges, known->row_of_gene[static_cast<std::size_t>(gene)]);
}

void copy_marginals(const Profile& profile, std::int64_t row, bool compact,
                    ExpressionSource* source) {
  auto out = source->marginals.row(row);
  for (int m = 0; m < kMarginals; ++m) {
    const float x = profile.marginals[static_cast<std::size_t>(m)];
    out(m) = compact ? round_to_half(x) : x;
  }
}

void store_profile(const Profile& profile, std::int64_t row, bool compact,
                   ExpressionSource* source) {
  copy_marginals(profile, row, compact, source);
  const auto copy = [compact](const float* from, std::size_t n, float* to) {
    std::transform(from, from + n, to, [compact](float x) {
      return compact ? round_to_half(x) : x;
    });
  };
  const std::size_t n = profile.flags.size();
  copy(profile.standardised.data(), n, source->standardised.row(row).data());
  copy(profile.ranked.data(), n, source->ranked.row(row).data());
  copy(profile.biweight.data(), n, source->biweight.row(row).data());
  std::copy(profile.flags.begin(), profile.flags.end(),
            source->flags.row(row).data());
}

void store_detected(const std::vector<double>& given, std::int64_t row,
                    ExpressionSource* source) {
  std::transform(given.begin(), given.end(), source->flags.row(row).data(),
                 [](double v) { return v > 0 ? kDetected : std::uint8_t{0}; });
}

void put_in_order(const std::vector<std::int32_t>& order,
                  std::vector<double>* values) {
  if (order.empty()) return;
  std::vector<double> ordered;
  ordered.reserve(values->size());
  for (const std::int32_t s : order) {
    ordered.push_back((*values)[static_cast<std::size_t>(s)]);
  }
  values->swap(ordered);
}

/// Called for each assay of each row, on any thread; `row` is that of the
/// source.
using RowVisitor = std::function<void(const ProfileValues&, std::size_t assay,
                                      std::int64_t row, std::int32_t gene,
                                      RowBinner*, Profile*)>;

/// Visits each assay of each row, in parallel.
void visit_rows(const ExpressionInput& input, const ExpressionConfig& config,
                const std::vector<std::int64_t>& place, int threads,
                const RowVisitor& visit) {
  const auto samples = static_cast<std::size_t>(input.assays[0].cols());
  read_rows(input, threads,
            [&](const std::vector<AssayReader>& readers, auto begin, auto end) {
              ProfileValues values;
              values.given.resize(samples);
              Profile profile;
              RowBinner binner(config);
              for (std::int64_t row = begin; row < end; ++row) {
                for (std::size_t a = 0; a < readers.size(); ++a) {
                  readers[a].copy_row(row, values.given.data());
                  check_row(input, a, row, values.given);
                  put_in_order(input.sample_order, &values.given);
                  log_profile(input, &values);
                  const auto r = static_cast<std::size_t>(row);
                  visit(values, a, place[r], input.gene_of_row[r], &binner,
                        &profile);
                }
              }
            });
}

/// Bins the transforms of a row of an assay.
void bin_transforms(const ProfileValues& values, const ExpressionSource* known,
                    std::int32_t gene, std::size_t assay, std::int64_t row,
                    RowBinner* binner, ExpressionSource* source) {
  ProfileValues made;
  made.given = values.given;
  for (std::size_t t = 0; t < source->config.transforms.size(); ++t) {
    const Transform how = source->config.transforms[t];
    const std::size_t at = t * source->assays.size() + assay;
    made.logged = transform_values(values.given, how);
    auto range = known_range(known, &ExpressionSource::transformed, gene, at);
    if (!range && is_standardised(how)) range = standard_range(made.logged);
    binner->bin(made, range, row, &source->transformed[at]);
  }
}

void make_room(ExpressionSource* source) {
  for (Matrix* m :
       {&source->standardised, &source->ranked, &source->biweight}) {
    m->resize(source->n_rows(), source->n_samples);
  }
  source->flags.resize(source->n_rows(), source->n_samples);
}

/// Fills the first assay from its levels, the others unchanged.
void fill_levels(const ExpressionInput& input, const ExpressionConfig& config,
                 const ExpressionSource* known,
                 const std::vector<std::int64_t>& place, int threads,
                 ExpressionSource* source) {
  const auto rows = static_cast<std::size_t>(source->n_rows());
  const auto tables = tables_for(*source);
  if (tables == nullptr) make_room(source);
  source->linear = input.linear;
  source->steps.resize(source->n_rows(), source->n_samples);
  source->step_begin.resize(source->n_rows(), kThresholds);
  source->level_edges.lower.assign(rows, 0.0f);
  source->level_edges.upper.assign(rows, 0.0f);
  visit_rows(
      input, config, place, threads,
      [&](const ProfileValues& values, std::size_t assay, std::int64_t row,
          std::int32_t gene, RowBinner* binner, Profile* profile) {
        AssayFeatures* out = &source->assays[assay];
        auto range = known_range(known, &ExpressionSource::assays, gene, assay);
        bin_transforms(values, known, gene, assay, row, binner, source);
        if (assay > 0) {
          binner->bin(values, range, row, out);
          return;
        }
        describe_marginals(values, profile);
        copy_marginals(*profile, row, /*compact=*/true, source);
        store_levels(values, row, source);
        describe_levels(row, source, tables.get());
        ProfileValues on_levels;
        values_of_levels(*source, row, &on_levels);
        if (!range && config.zeros != ZeroPolicy::own_bin) {
          range = range_of(source->level_edges, row);
        }
        binner->bin(on_levels, range, row, out);
      });
  source->tables = tables;
}

/// Computes what scoring reads of a folded source.
void unfold(int threads, ExpressionSource* source) {
  const auto tables = tables_for(*source);
  if (tables == nullptr) make_room(source);
  const auto rows = source->n_rows();
  AssayFeatures& first = source->assays[0];
  first.codes.resize(rows, source->n_samples);
  const bool by_value = !first.edges.lower.empty();
  const std::int64_t items = (rows + kRowsPerItem - 1) / kRowsPerItem;
  parallel_for(items, threads, [&](std::int64_t item) {
    RowBinner binner(source->config);
    ProfileValues values;
    const std::int64_t end = std::min(rows, (item + 1) * kRowsPerItem);
    for (std::int64_t row = item * kRowsPerItem; row < end; ++row) {
      describe_levels(row, source, tables.get());
      values_of_levels(*source, row, &values);
      std::optional<BinRange> range;
      if (by_value) range = range_of(first.edges, row);
      binner.bin(values, range, row, &first);
    }
  });
  source->tables = tables;
}

/// Leaves of a source what a file stores.
void fold(ExpressionSource* source) {
  for (Matrix* m :
       {&source->standardised, &source->ranked, &source->biweight}) {
    m->resize(0, 0);
  }
  source->flags.resize(0, 0);
  source->assays[0].codes.resize(0, 0);
}

}  // namespace

void unfold_levels(int threads, ExpressionSource* source) {
  if (!source->is_folded()) return;
  try {
    unfold(threads, source);
  } catch (...) {
    // Rows half made would pass for those of all genes in the next call.
    fold(source);
    throw;
  }
}

ExpressionSource make_expression_source(const ExpressionInput& input,
                                        const ExpressionConfig& config,
                                        std::int64_t n_genes,
                                        const ExpressionSource* known,
                                        bool compact, int threads) {
  check_input(input, config, n_genes, known);
  const int n_levels = compact ? level_count(config.bins) : 0;
  const auto place = places_of_rows(input, n_genes, n_levels > 0);
  ExpressionSource source = empty_source(input, config, n_genes, place);
  source.n_levels = n_levels;
  if (n_levels > 0) {
    fill_levels(input, config, known, place, threads, &source);
    return source;
  }
  make_room(&source);
  visit_rows(
      input, config, place, threads,
      [&](const ProfileValues& values, std::size_t assay, std::int64_t row,
          std::int32_t gene, RowBinner* binner, Profile* profile) {
        binner->bin(values,
                    known_range(known, &ExpressionSource::assays, gene, assay),
                    row, &source.assays[assay]);
        bin_transforms(values, known, gene, assay, row, binner, &source);
        if (assay > 0) return;
        describe_profile(values, profile);
        store_profile(*profile, row, compact, &source);
      });
  return source;
}

ExpressionSource bin_expression_source(const ExpressionInput& input,
                                       const ExpressionConfig& config,
                                       std::int64_t n_genes,
                                       const ExpressionSource* known,
                                       int threads) {
  check_input(input, config, n_genes, known);
  const auto place = places_of_rows(input, n_genes, /*by_gene=*/false);
  ExpressionSource source = empty_source(input, config, n_genes, place);
  source.flags.resize(source.n_rows(), source.n_samples);
  visit_rows(
      input, config, place, threads,
      [&](const ProfileValues& values, std::size_t assay, std::int64_t row,
          std::int32_t gene, RowBinner* binner, Profile*) {
        binner->bin(values,
                    known_range(known, &ExpressionSource::assays, gene, assay),
                    row, &source.assays[assay]);
        bin_transforms(values, known, gene, assay, row, binner, &source);
        if (assay == 0) store_detected(values.given, row, &source);
      });
  return source;
}

}  // namespace musl
