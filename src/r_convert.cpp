#include "r_convert.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "data/config.h"
#include "learners/measured_model.h"

namespace musl_r {
namespace {

template <class Config>
Config from_list(const Rcpp::List& fields) {
  Config config;
  musl::visit_fields(
      config, [&fields](const char* name, auto& field, const auto& /*rule*/) {
        const SEXP value = fields[name];
        field = Rcpp::as<std::decay_t<decltype(field)>>(value);
      });
  musl::validate(config);
  return config;
}

/// A dgCMatrix; its slots live as long as the object.
musl::AssayView as_sparse(const Rcpp::S4& x) {
  const Rcpp::IntegerVector dim = x.slot("Dim"), row = x.slot("i"),
                            start = x.slot("p");
  const Rcpp::NumericVector values = x.slot("x");
  return musl::AssayView(musl::SparseColumns{values.begin(), row.begin(),
                                             start.begin(), dim[0], dim[1]});
}

/// list(dim, read): read(first, last) gives a dense matrix of these rows,
/// counted from 1.
musl::AssayView as_blocks(const Rcpp::List& blocks) {
  const Rcpp::IntegerVector dim = blocks["dim"];
  const Rcpp::Function read = blocks["read"];
  const auto reader = [read](std::int64_t first, std::int64_t n, double* out) {
    const Rcpp::NumericMatrix rows =
        read(static_cast<double>(first + 1), static_cast<double>(first + n));
    Eigen::Map<
        Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        out, n, rows.ncol()) = musl::RMatrixView(rows.begin(), n, rows.ncol());
  };
  return {dim[0], dim[1], reader};
}

/// The result of core_assay() of R/data-convert.R: a double matrix, which is
/// not copied, a dgCMatrix, or a list that reads blocks of rows.
musl::AssayView as_assay(SEXP x) {
  if (Rf_isS4(x)) return as_sparse(Rcpp::S4(x));
  if (TYPEOF(x) == VECSXP) return as_blocks(Rcpp::List(x));
  const Rcpp::NumericMatrix dense(x);
  return {dense.begin(), dense.nrow(), dense.ncol()};
}

}  // namespace

HeldInput::HeldInput(const Rcpp::List& input) {
  input_.n_genes = Rcpp::as<std::int64_t>(input["n_genes"]);
  const Rcpp::List cohorts = input["cohorts"];
  for (R_xlen_t i = 0; i < cohorts.size(); ++i) add_cohort(cohorts[i]);
  input_.edge_from = Rcpp::as<std::vector<std::int32_t>>(input["from"]);
  input_.edge_to = Rcpp::as<std::vector<std::int32_t>>(input["to"]);
  input_.edge_weight = Rcpp::as<std::vector<float>>(input["weight"]);
  const SEXP embeddings = input["embeddings"];
  if (!Rf_isNull(embeddings)) {
    embeddings_.emplace(hold(embeddings));
    input_.embeddings = &*embeddings_;
    input_.embedding_gene =
        Rcpp::as<std::vector<std::int32_t>>(input["embedding_gene"]);
  }
}

musl::RMatrixView HeldInput::hold(SEXP matrix) {
  held_.emplace_back(matrix);
  const auto& kept = held_.back();
  return {kept.begin(), kept.nrow(), kept.ncol()};
}

void HeldInput::add_cohort(const Rcpp::List& cohort) {
  held_cohorts_.push_back(cohort);
  input_.cohorts.push_back(as_cohort(cohort));
}

musl::ExpressionInput as_cohort(const Rcpp::List& cohort) {
  musl::ExpressionInput out;
  out.name = Rcpp::as<std::string>(cohort["name"]);
  const Rcpp::List assays = cohort["assays"];
  for (R_xlen_t i = 0; i < assays.size(); ++i) {
    out.assays.push_back(as_assay(assays[i]));
  }
  out.gene_of_row = Rcpp::as<std::vector<std::int32_t>>(cohort["gene"]);
  out.linear = Rcpp::as<bool>(cohort["linear"]);
  return out;
}

musl::PairSet as_pairs(const Rcpp::List& pairs) {
  musl::PairSet out;
  out.a = Rcpp::as<std::vector<std::int32_t>>(pairs["a"]);
  out.b = Rcpp::as<std::vector<std::int32_t>>(pairs["b"]);
  const SEXP label = pairs["label"];
  if (!Rf_isNull(label)) out.label = Rcpp::as<std::vector<float>>(label);
  return out;
}

musl::ArchitectureConfig as_architecture(const Rcpp::List& fields) {
  return from_list<musl::ArchitectureConfig>(fields);
}

musl::ControlConfig as_control(const Rcpp::List& fields) {
  return from_list<musl::ControlConfig>(fields);
}

musl::Dataset prediction_dataset(const musl::Model& model,
                                 const Rcpp::List& input,
                                 const std::vector<int>& gene_of, int threads) {
  const HeldInput held(input);
  return musl::make_dataset(held.get(), model.architecture(),
                            &model.reference(!held.brings_graph()), gene_of,
                            /*seed=*/0, threads);
}

musl::PredictOptions as_predict_options(const Rcpp::List& options) {
  musl::PredictOptions out;
  out.device = Rcpp::as<std::string>(options["device"]);
  out.threads = Rcpp::as<int>(options["threads"]);
  out.parts = Rcpp::as<bool>(options["parts"]);
  out.embedding = Rcpp::as<bool>(options["embedding"]);
  out.encoders = Rcpp::as<std::vector<std::string>>(options["encoders"]);
  out.scorers = Rcpp::as<std::vector<std::string>>(options["scorers"]);
  out.rates = Rcpp::as<std::vector<std::string>>(options["rates"]);
  out.prior = Rcpp::as<double>(options["prior"]);
  out.line = Rcpp::as<int>(options["line"]);
  return out;
}

const musl::GeneStore& store_of(SEXP store, SEXP model) {
  return Rf_isNull(store)
             ? Rcpp::XPtr<musl::MeasuredModel>(model).checked_get()->store
             : *Rcpp::XPtr<musl::GeneStore>(store).checked_get();
}

musl::Field as_field(SEXP x) {
  musl::Field out;
  out.rows = Rf_isMatrix(x) ? Rf_nrows(x) : Rf_xlength(x);
  out.cols = Rf_isMatrix(x) ? Rf_ncols(x) : 1;
  if (TYPEOF(x) == STRSXP) {
    out.texts = Rcpp::as<std::vector<std::string>>(x);
  } else if (TYPEOF(x) == RAWSXP) {
    out.bytes = Rcpp::as<std::vector<std::uint8_t>>(x);
  } else if (TYPEOF(x) == INTSXP || TYPEOF(x) == LGLSXP) {
    out.ints = Rcpp::as<std::vector<std::int32_t>>(x);
  } else if (TYPEOF(x) == REALSXP) {
    out.numbers = REAL(x);
  } else if (TYPEOF(x) == VECSXP) {
    const Rcpp::List list(x);
    if (list.hasAttribute("names")) {
      out.names = Rcpp::as<std::vector<std::string>>(list.names());
    }
    for (R_xlen_t i = 0; i < list.size(); ++i) {
      out.fields.push_back(as_field(list[i]));
    }
  }
  return out;
}

Rcpp::RawVector as_raw(const std::vector<std::uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

Rcpp::DataFrame as_history(const std::vector<musl::EpochRecord>& history) {
  const auto n = static_cast<R_xlen_t>(history.size());
  Rcpp::CharacterVector phase(n);
  Rcpp::IntegerVector member(n), epoch(n);
  Rcpp::NumericVector loss(n), valid_loss(n), valid_auroc(n), valid_auprc(n);
  Rcpp::NumericVector learning_rate(n), seconds(n);
  Rcpp::LogicalVector best(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const auto& record = history[static_cast<std::size_t>(i)];
    member[i] = record.member;
    phase[i] = record.phase;
    epoch[i] = record.epoch;
    loss[i] = record.loss;
    valid_loss[i] = record.valid_loss;
    valid_auroc[i] = record.valid_auroc;
    valid_auprc[i] = record.valid_auprc;
    learning_rate[i] = record.learning_rate;
    seconds[i] = record.seconds;
    best[i] = record.best;
  }
  return Rcpp::DataFrame::create(
      Rcpp::Named("member") = member, Rcpp::Named("phase") = phase,
      Rcpp::Named("epoch") = epoch, Rcpp::Named("loss") = loss,
      Rcpp::Named("valid_loss") = valid_loss,
      Rcpp::Named("valid_auroc") = valid_auroc,
      Rcpp::Named("valid_auprc") = valid_auprc,
      Rcpp::Named("learning_rate") = learning_rate,
      Rcpp::Named("seconds") = seconds, Rcpp::Named("best") = best,
      Rcpp::Named("stringsAsFactors") = false);
}

Rcpp::NumericMatrix as_matrix(const musl::Matrix& matrix) {
  Rcpp::NumericMatrix out(static_cast<int>(matrix.rows()),
                          static_cast<int>(matrix.cols()));
  Eigen::Map<Eigen::MatrixXd>(out.begin(), matrix.rows(), matrix.cols()) =
      matrix.cast<double>();
  return out;
}

}  // namespace musl_r
