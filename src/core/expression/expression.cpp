#include "expression/expression.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "base/matrix.h"
#include "base/parallel.h"
#include "expression/levels.h"
#include "expression/profile.h"
#include "expression/read_rows.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;  // of linear values, as in CNNC

void check_input(const ExpressionInput& input, const ExpressionConfig& config,
                 const ExpressionCohort* known) {
  const std::string cohort = "Source \"" + input.name + "\" ";
  const auto samples = input.assays[0].cols();
  if (samples == 0) throw InputError(cohort + "must have a sample; it has 0.");
  if (!config.transforms.empty() && config.binning == BinMethod::rank) {
    throw InputError(
        "Transforms need `binning` \"value\": they leave ranks as they are.");
  }
  if (known != nullptr && known->assays.size() != input.assays.size()) {
    throw ShapeError(cohort + "must have the " +
                     std::to_string(known->assays.size()) +
                     " assays of the known cohort, not " +
                     std::to_string(input.assays.size()) + ".");
  }
}

/// The row of the cohort for each row of the input: as given, or by gene, so
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

ExpressionCohort empty_cohort(const ExpressionInput& input,
                              const ExpressionConfig& config,
                              std::int64_t n_genes,
                              const std::vector<std::int64_t>& place) {
  const auto rows = input.assays[0].rows();
  const auto samples = input.assays[0].cols();
  ExpressionCohort cohort;
  cohort.name = input.name;
  cohort.config = config;
  cohort.n_samples = samples;
  cohort.row_of_gene.assign(static_cast<std::size_t>(n_genes), -1);
  for (std::size_t row = 0; row < input.gene_of_row.size(); ++row) {
    cohort.row_of_gene[static_cast<std::size_t>(input.gene_of_row[row])] =
        static_cast<std::int32_t>(place[row]);
  }
  cohort.assays.resize(input.assays.size());
  cohort.transformed.resize(config.transforms.size() * input.assays.size());
  for (auto* features : {&cohort.assays, &cohort.transformed}) {
    for (auto& assay : *features) {
      assay.codes.resize(rows, samples);
      if (config.binning != BinMethod::value) continue;
      assay.edges.lower.assign(static_cast<std::size_t>(rows), 0.0f);
      assay.edges.upper.assign(static_cast<std::size_t>(rows), 0.0f);
    }
  }
  cohort.marginals = Matrix::Zero(rows, kMarginals);
  return cohort;
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

/// The range of a gene in a known cohort.
std::optional<BinRange> known_range(
    const ExpressionCohort* known,
    std::vector<AssayFeatures> ExpressionCohort::*features, std::int32_t gene,
    std::size_t at) {
  if (known == nullptr || !known->has_gene(gene)) return {};
  const BinEdges& edges = (known->*features)[at].edges;
  if (edges.lower.empty()) return {};
  return range_of(edges, known->row_of_gene[static_cast<std::size_t>(gene)]);
}

void store_profile(const Profile& profile, std::int64_t row,
                   ExpressionCohort* cohort) {
  const auto copy = [row](const auto& from, auto* to) {
    std::copy(from.begin(), from.end(), to->row(row).data());
  };
  copy(profile.marginals, &cohort->marginals);
  copy(profile.standardised, &cohort->standardised);
  copy(profile.ranked, &cohort->ranked);
  copy(profile.biweight, &cohort->biweight);
  copy(profile.flags, &cohort->flags);
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
/// cohort.
using RowVisitor =
    std::function<void(const ProfileValues&, std::size_t assay,
                       std::int64_t row, std::int32_t gene, Profile*)>;

/// Visits each assay of each row, in parallel.
void visit_rows(const ExpressionInput& input,
                const std::vector<std::int64_t>& place, int threads,
                const RowVisitor& visit) {
  const auto samples = static_cast<std::size_t>(input.assays[0].cols());
  read_rows(input, threads,
            [&](const std::vector<AssayReader>& readers, auto begin, auto end) {
              ProfileValues values;
              values.given.resize(samples);
              Profile profile;
              for (std::int64_t row = begin; row < end; ++row) {
                for (std::size_t a = 0; a < readers.size(); ++a) {
                  readers[a].copy_row(row, values.given.data());
                  check_row(input, a, row, values.given);
                  put_in_order(input.sample_order, &values.given);
                  log_profile(input, &values);
                  const auto r = static_cast<std::size_t>(row);
                  visit(values, a, place[r], input.gene_of_row[r], &profile);
                }
              }
            });
}

/// Bins the transforms of a row of an assay.
void bin_transforms(const ProfileValues& values, const ExpressionCohort* known,
                    std::int32_t gene, std::size_t assay, std::int64_t row,
                    ExpressionCohort* cohort) {
  for (std::size_t t = 0; t < cohort->config.transforms.size(); ++t) {
    const Transform how = cohort->config.transforms[t];
    const std::size_t at = t * cohort->assays.size() + assay;
    const auto made = transform_values(values.given, how);
    auto range = known_range(known, &ExpressionCohort::transformed, gene, at);
    if (!range && how != Transform::log) range = standard_range(made);
    bin_row(cohort->config, made, range, row, &cohort->transformed[at]);
  }
}

void make_room(ExpressionCohort* cohort) {
  for (Matrix* m :
       {&cohort->standardised, &cohort->ranked, &cohort->biweight}) {
    m->resize(cohort->n_rows(), cohort->n_samples);
  }
  cohort->flags.resize(cohort->n_rows(), cohort->n_samples);
}

/// Fills the first assay from its levels, the others unchanged.
void fill_levels(const ExpressionInput& input, const ExpressionCohort* known,
                 const std::vector<std::int64_t>& place, int threads,
                 ExpressionCohort* cohort) {
  const auto rows = static_cast<std::size_t>(cohort->n_rows());
  const auto tables = tables_for(*cohort);
  if (tables == nullptr) make_room(cohort);
  cohort->linear = input.linear;
  cohort->steps.resize(cohort->n_rows(), cohort->n_samples);
  cohort->step_begin.resize(cohort->n_rows(), kThresholds);
  cohort->level_edges.lower.assign(rows, 0.0f);
  cohort->level_edges.upper.assign(rows, 0.0f);
  visit_rows(
      input, place, threads,
      [&](const ProfileValues& values, std::size_t assay, std::int64_t row,
          std::int32_t gene, Profile* profile) {
        AssayFeatures* out = &cohort->assays[assay];
        auto range = known_range(known, &ExpressionCohort::assays, gene, assay);
        bin_transforms(values, known, gene, assay, row, cohort);
        if (assay > 0) {
          bin_row(cohort->config, values.logged, range, row, out);
          return;
        }
        describe_marginals(values, profile);
        auto marginals = cohort->marginals.row(row);
        std::transform(profile->marginals.begin(), profile->marginals.end(),
                       marginals.data(), round_to_half);
        store_levels(values, row, cohort);
        describe_levels(row, cohort, tables.get());
        if (!range) range = range_of(cohort->level_edges, row);
        bin_row(cohort->config, values_of_levels(*cohort, row), range, row,
                out);
      });
  cohort->tables = tables;
}

/// Computes what scoring reads of a folded cohort.
void unfold(int threads, ExpressionCohort* cohort) {
  const auto tables = tables_for(*cohort);
  if (tables == nullptr) make_room(cohort);
  const auto rows = cohort->n_rows();
  AssayFeatures& first = cohort->assays[0];
  first.codes.resize(rows, cohort->n_samples);
  const bool by_value = !first.edges.lower.empty();
  parallel_blocks(rows, kRowsPerItem, threads,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t row = begin; row < end; ++row) {
                      describe_levels(row, cohort, tables.get());
                      std::optional<BinRange> range;
                      if (by_value) range = range_of(first.edges, row);
                      bin_row(cohort->config, values_of_levels(*cohort, row),
                              range, row, &first);
                    }
                  });
  cohort->tables = tables;
}

/// Leaves of a cohort what a file stores.
void fold(ExpressionCohort* cohort) {
  for (Matrix* m :
       {&cohort->standardised, &cohort->ranked, &cohort->biweight}) {
    m->resize(0, 0);
  }
  cohort->flags.resize(0, 0);
  cohort->assays[0].codes.resize(0, 0);
}

}  // namespace

void unfold_levels(int threads, ExpressionCohort* cohort) {
  if (!cohort->is_folded()) return;
  try {
    unfold(threads, cohort);
  } catch (...) {
    // Rows half made would pass for those of all genes in the next call.
    fold(cohort);
    throw;
  }
}

ExpressionCohort make_expression_cohort(const ExpressionInput& input,
                                        const ExpressionConfig& config,
                                        std::int64_t n_genes,
                                        const ExpressionCohort* known,
                                        bool compact, int threads) {
  check_input(input, config, known);
  const auto place = places_of_rows(input, n_genes, compact);
  ExpressionCohort cohort = empty_cohort(input, config, n_genes, place);
  if (compact) {
    cohort.n_levels = level_count(config.bins);
    fill_levels(input, known, place, threads, &cohort);
    return cohort;
  }
  make_room(&cohort);
  visit_rows(input, place, threads,
             [&](const ProfileValues& values, std::size_t assay,
                 std::int64_t row, std::int32_t gene, Profile* profile) {
               bin_row(
                   config, values.logged,
                   known_range(known, &ExpressionCohort::assays, gene, assay),
                   row, &cohort.assays[assay]);
               bin_transforms(values, known, gene, assay, row, &cohort);
               if (assay > 0) return;
               describe_profile(values, profile);
               store_profile(*profile, row, &cohort);
             });
  return cohort;
}

}  // namespace musl
