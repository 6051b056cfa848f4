#pragma once

#include <Rcpp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/pair_set.h"
#include "data/config.h"
#include "data/dataset.h"
#include "model/model.h"
#include "store/field.h"
#include "store/gene_store.h"

namespace musl_r {

/// A pointer for R, whose finaliser deletes the value.
///
/// keeps  R object that must outlive the value, which refers to it
template <class Value>
SEXP hand_over(std::unique_ptr<Value> value, SEXP keeps = R_NilValue) {
  Rcpp::XPtr<Value> pointer(value.get(), /*set_delete_finalizer=*/true,
                            R_NilValue, keeps);
  (void)value.release();
  return pointer;
}

/// A core input that refers to R's memory. It protects these R objects, so it
/// must live as long as the core reads them; it cannot be copied.
class HeldInput {
 public:
  /// input  from dataset_input() of R/data-convert.R
  explicit HeldInput(const Rcpp::List& input);
  HeldInput(const HeldInput&) = delete;
  HeldInput& operator=(const HeldInput&) = delete;

  [[nodiscard]] const musl::DatasetInput& get() const { return input_; }
  /// Whether there are edges or embeddings, so that genes are not those of a
  /// model.
  [[nodiscard]] bool brings_graph() const {
    return !input_.edge_from.empty() || input_.embeddings != nullptr;
  }

 private:
  musl::RMatrixView hold(SEXP matrix);
  void add_cohort(const Rcpp::List& cohort);

  std::vector<Rcpp::NumericMatrix> held_;
  std::vector<Rcpp::List> held_cohorts_;
  std::optional<musl::RMatrixView> embeddings_;
  musl::DatasetInput input_;
};

/// The caller's inputs, from dataset_input() of R/data-convert.R, as a model
/// predicts from them. gene_of: see musl::make_dataset().
[[nodiscard]] musl::Dataset prediction_dataset(const musl::Model& model,
                                               const Rcpp::List& input,
                                               const std::vector<int>& gene_of,
                                               int threads);

/// A cohort from cohort_input() of R/data-convert.R. It refers to the R objects
/// of the list, which must outlive it.
[[nodiscard]] musl::ExpressionInput as_cohort(const Rcpp::List& cohort);

/// list(a, b, label) with 0-based indices; label may be NULL.
[[nodiscard]] musl::PairSet as_pairs(const Rcpp::List& pairs);

/// A named list with every field; checked by musl::validate().
[[nodiscard]] musl::ArchitectureConfig as_architecture(
    const Rcpp::List& fields);
[[nodiscard]] musl::ControlConfig as_control(const Rcpp::List& fields);

/// scoring_options() of R/model-scorers.R
[[nodiscard]] musl::PredictOptions as_predict_options(
    const Rcpp::List& options);

/// Values of R, which must outlive it, and of lists.
[[nodiscard]] musl::Field as_field(SEXP x);

/// `store`, or if that is NULL the evidence of a model.
[[nodiscard]] const musl::GeneStore& store_of(SEXP store, SEXP model);

[[nodiscard]] Rcpp::RawVector as_raw(const std::vector<std::uint8_t>& bytes);
[[nodiscard]] Rcpp::DataFrame as_history(
    const std::vector<musl::EpochRecord>& history);
[[nodiscard]] Rcpp::NumericMatrix as_matrix(const musl::Matrix& matrix);

/// Refers to R's memory; `x` must outlive it.
[[nodiscard]] inline musl::RMatrixView as_view(const Rcpp::NumericMatrix& x) {
  return {x.begin(), x.nrow(), x.ncol()};
}
[[nodiscard]] inline musl::Matrix as_core(const Rcpp::NumericMatrix& x) {
  return as_view(x).cast<float>();
}

}  // namespace musl_r
