#include "musl/expression.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "expression/profile.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;     // of linear values, as in CNNC
constexpr std::int64_t kRowsPerItem = 8;  // one cache line of R's columns
constexpr std::int64_t kBlockValues = std::int64_t{1} << 23;  // 64 MiB

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
  for (const std::int32_t gene : input.gene_of_row) {
    if (gene >= 0 && gene < n_genes) continue;
    throw GeneError(source + "has a row of gene index " + std::to_string(gene) +
                    ", outside 0 to " + std::to_string(n_genes - 1) + ".");
  }
  if (known != nullptr && known->assays.size() != input.assays.size()) {
    throw ShapeError(source + "must have the " +
                     std::to_string(known->assays.size()) +
                     " assays of the known source, not " +
                     std::to_string(input.assays.size()) + ".");
  }
}

ExpressionSource empty_source(const ExpressionInput& input,
                              const ExpressionConfig& config,
                              std::int64_t n_genes) {
  const auto rows = input.assays[0].rows();
  const auto samples = input.assays[0].cols();
  ExpressionSource source;
  source.name = input.name;
  source.config = config;
  source.n_samples = samples;
  source.row_of_gene.assign(static_cast<std::size_t>(n_genes), -1);
  for (std::size_t row = 0; row < input.gene_of_row.size(); ++row) {
    auto& slot =
        source.row_of_gene[static_cast<std::size_t>(input.gene_of_row[row])];
    if (slot >= 0) {
      throw InputError("Source \"" + input.name + "\" has gene index " +
                       std::to_string(input.gene_of_row[row]) + " in rows " +
                       std::to_string(slot) + " and " + std::to_string(row) +
                       "; a gene must have one row.");
    }
    slot = static_cast<std::int32_t>(row);
  }
  source.assays.resize(input.assays.size());
  for (auto& assay : source.assays) {
    assay.codes.resize(rows, samples);
    if (config.binning != BinMethod::value) continue;
    assay.edges.lower.assign(static_cast<std::size_t>(rows), 0.0f);
    assay.edges.upper.assign(static_cast<std::size_t>(rows), 0.0f);
  }
  source.flags.resize(rows, samples);
  source.marginals = Matrix::Zero(rows, kMarginals);
  return source;
}

/// Logs the values given when they are linear.
void log_profile(const ExpressionInput& input, std::size_t assay,
                 std::int64_t row, ProfileValues* out) {
  out->linear = input.linear;
  for (std::size_t s = 0; s < out->given.size(); ++s) {
    const double value = out->given[s];
    if (!std::isfinite(value) || (input.linear && value < 0)) {
      throw InputError("Source \"" + input.name + "\" must hold finite values" +
                       (input.linear ? ", on the linear scale >= 0" : "") +
                       ": " + std::to_string(value) + " found in assay " +
                       std::to_string(assay + 1) + ", row " +
                       std::to_string(row + 1) + ", sample " +
                       std::to_string(s + 1) + ".");
    }
  }
  out->logged = out->given;
  if (!input.linear) return;
  for (double& v : out->logged) v = std::log10(v + kPseudocount);
}

/// Keeps the range of a gene finite in single precision.
float to_float(double x) {
  return static_cast<float>(std::clamp(x, -1e38, 1e38));
}

/// Bins one assay of one gene.
class RowBinner {
 public:
  RowBinner(const ExpressionConfig& config, const ExpressionSource* known)
      : config_(config), known_(known) {}

  void bin(const ProfileValues& values, std::int32_t gene, std::size_t assay,
           std::int64_t row, AssayFeatures* out) {
    values_.resize(values.logged.size());
    std::transform(values.logged.begin(), values.logged.end(), values_.begin(),
                   to_float);
    std::uint8_t* codes = out->codes.row(row).data();
    if (config_.zeros != ZeroPolicy::own_bin) {
      bin_values(gene, assay, row, config_.bins, codes, out);
      return;
    }
    // Zeros stay in bin 0; the rest is binned apart and put above it.
    values_.clear();
    for (std::size_t s = 0; s < values.given.size(); ++s) {
      if (values.given[s] != 0) {
        values_.push_back(to_float(values.logged[s]));
      }
    }
    nonzero_codes_.resize(values_.size());
    bin_values(gene, assay, row, config_.bins - 1, nonzero_codes_.data(), out);
    std::size_t next = 0;
    for (std::size_t s = 0; s < values.given.size(); ++s) {
      const bool zero = values.given[s] == 0;
      codes[s] = zero ? std::uint8_t{0}
                      : static_cast<std::uint8_t>(nonzero_codes_[next++] + 1);
    }
  }

 private:
  void bin_values(std::int32_t gene, std::size_t assay, std::int64_t row,
                  int bins, std::uint8_t* codes, AssayFeatures* out) const {
    const auto n = static_cast<std::int64_t>(values_.size());
    if (config_.binning == BinMethod::rank) {
      bin_by_rank(values_.data(), n, bins, codes);
      return;
    }
    float lower = 0, upper = 0;
    if (has_known_edges(gene, assay)) {
      const auto& edges = known_->assays[assay].edges;
      const auto known_row = static_cast<std::size_t>(
          known_->row_of_gene[static_cast<std::size_t>(gene)]);
      lower = edges.lower[known_row];
      upper = edges.upper[known_row];
    } else if (n > 0) {
      const auto ends = std::minmax_element(values_.begin(), values_.end());
      lower = *ends.first;
      upper = *ends.second;
    }
    out->edges.lower[static_cast<std::size_t>(row)] = lower;
    out->edges.upper[static_cast<std::size_t>(row)] = upper;
    bin_by_value(values_.data(), n, lower, upper, bins, codes);
  }

  [[nodiscard]] bool has_known_edges(std::int32_t gene,
                                     std::size_t assay) const {
    return known_ != nullptr && known_->has_gene(gene) &&
           !known_->assays[assay].edges.lower.empty();
  }

  const ExpressionConfig& config_;
  const ExpressionSource* known_;
  std::vector<float> values_;
  std::vector<std::uint8_t> nonzero_codes_;
};

void store_profile(const Profile& profile, std::int64_t row, bool compact,
                   ExpressionSource* source) {
  const auto copy = [compact](const float* from, std::size_t n, float* to) {
    std::transform(from, from + n, to, [compact](float x) {
      return compact ? round_to_half(x) : x;
    });
  };
  const std::size_t n = profile.flags.size();
  copy(profile.standardised.data(), n, source->standardised.row(row).data());
  copy(profile.ranked.data(), n, source->ranked.row(row).data());
  copy(profile.biweight.data(), n, source->biweight.row(row).data());
  copy(profile.marginals.data(), kMarginals, source->marginals.row(row).data());
  std::copy(profile.flags.begin(), profile.flags.end(),
            source->flags.row(row).data());
}

void store_detected(const std::vector<double>& given, std::int64_t row,
                    ExpressionSource* source) {
  std::transform(given.begin(), given.end(), source->flags.row(row).data(),
                 [](double v) { return v > 0 ? kDetected : std::uint8_t{0}; });
}

/// Rows that are dense at a time where an assay is not; a whole number of
/// items.
std::int64_t rows_per_block(const ExpressionInput& input) {
  const auto& assays = input.assays;
  const bool dense = std::all_of(assays.begin(), assays.end(),
                                 [](const auto& x) { return x.is_dense(); });
  if (dense) return std::max<std::int64_t>(assays[0].rows(), 1);
  const auto values =
      assays[0].cols() * static_cast<std::int64_t>(assays.size());
  const std::int64_t items = kBlockValues / (values * kRowsPerItem);
  return std::max<std::int64_t>(items, 1) * kRowsPerItem;
}

/// Called for each assay of each row, on any thread.
using RowVisitor = std::function<void(const ProfileValues&, std::size_t assay,
                                      std::int64_t row, RowBinner*, Profile*)>;

/// Reads the rows block by block and visits them in parallel.
void visit_rows(const ExpressionInput& input, const ExpressionConfig& config,
                const ExpressionSource* known, int threads,
                const RowVisitor& visit) {
  std::vector<AssayReader> readers(input.assays.begin(), input.assays.end());
  const std::int64_t rows = input.assays[0].rows();
  const auto samples = static_cast<std::size_t>(input.assays[0].cols());
  const std::int64_t block = rows_per_block(input);
  for (std::int64_t first = 0; first < rows; first += block) {
    const std::int64_t last = std::min(rows, first + block);
    for (auto& reader : readers) reader.load(first, last - first);
    const std::int64_t items = (last - first + kRowsPerItem - 1) / kRowsPerItem;
    parallel_for(items, threads, [&](std::int64_t item) {
      ProfileValues values;
      values.given.resize(samples);
      Profile profile;
      RowBinner binner(config, known);
      const std::int64_t begin = first + item * kRowsPerItem;
      const std::int64_t end = std::min(last, begin + kRowsPerItem);
      for (std::int64_t row = begin; row < end; ++row) {
        for (std::size_t a = 0; a < readers.size(); ++a) {
          readers[a].copy_row(row, values.given.data());
          log_profile(input, a, row, &values);
          visit(values, a, row, &binner, &profile);
        }
      }
    });
  }
}

std::int32_t gene_at(const ExpressionInput& input, std::int64_t row) {
  return input.gene_of_row[static_cast<std::size_t>(row)];
}

}  // namespace

ExpressionSource make_expression_source(const ExpressionInput& input,
                                        const ExpressionConfig& config,
                                        std::int64_t n_genes,
                                        const ExpressionSource* known,
                                        bool compact, int threads) {
  check_input(input, config, n_genes, known);
  ExpressionSource source = empty_source(input, config, n_genes);
  for (Matrix* m : {&source.standardised, &source.ranked, &source.biweight}) {
    m->resize(source.n_rows(), source.n_samples);
  }
  visit_rows(input, config, known, threads,
             [&](const ProfileValues& values, std::size_t assay,
                 std::int64_t row, RowBinner* binner, Profile* profile) {
               binner->bin(values, gene_at(input, row), assay, row,
                           &source.assays[assay]);
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
  ExpressionSource source = empty_source(input, config, n_genes);
  visit_rows(input, config, known, threads,
             [&](const ProfileValues& values, std::size_t assay,
                 std::int64_t row, RowBinner* binner, Profile*) {
               binner->bin(values, gene_at(input, row), assay, row,
                           &source.assays[assay]);
               if (assay == 0) store_detected(values.given, row, &source);
             });
  return source;
}

}  // namespace musl
