#include "judge/logged_samples.h"

#include <algorithm>

#include "base/numbers.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;  // of linear values, as in CNNC
constexpr Eigen::Index kGenesABlock = 128;

/// Calls work(first gene, block) for all genes, a block at a time.
template <class Work>
void each_block(const LoggedSamples& samples, const Work& work) {
  Eigen::ArrayXXd block;
  for (Eigen::Index g = 0; g < samples.n_genes(); g += kGenesABlock) {
    samples.read(g, &block);
    work(g, block);
  }
}

}  // namespace

LoggedSamples::LoggedSamples(const RMatrixView& x, bool linear)
    : n_genes_(x.rows()), linear_(linear) {
  for (Eigen::Index s = 0; s < x.cols(); ++s) {
    columns_.push_back(x.data() + s * n_genes_);
  }
}

LoggedSamples LoggedSamples::only(
    const std::vector<std::int64_t>& chosen) const {
  LoggedSamples out;
  out.n_genes_ = n_genes_;
  out.linear_ = linear_;
  for (const auto s : chosen) out.columns_.push_back(columns_[at(s)]);
  return out;
}

void LoggedSamples::read(Eigen::Index first, Eigen::ArrayXXd* block) const {
  const auto n = std::min(kGenesABlock, n_genes_ - first);
  block->resize(n, n_samples());
  for (Eigen::Index s = 0; s < n_samples(); ++s) {
    block->col(s) =
        Eigen::Map<const Eigen::ArrayXd>(columns_[at(s)] + first, n);
  }
  if (linear_) log_values(*block);
}

void log_values(Eigen::Ref<Eigen::ArrayXXd> x) {
  x = (x + kPseudocount).log10();
}

GeneMoments moments_of(const LoggedSamples& samples) {
  const auto n = static_cast<double>(samples.n_samples());
  GeneMoments out{std::vector<double>(at(samples.n_genes())),
                  std::vector<double>(at(samples.n_genes()))};
  each_block(samples, [&](Eigen::Index first, const Eigen::ArrayXXd& x) {
    Eigen::ArrayXd mean = Eigen::ArrayXd::Zero(x.rows());
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(x.rows());
    for (Eigen::Index s = 0; s < x.cols(); ++s) mean += x.col(s) / n;
    for (Eigen::Index s = 0; s < x.cols(); ++s) {
      sum += (x.col(s) - mean).square() / n;
    }
    Eigen::Map<Eigen::ArrayXd>(&out.mean[at(first)], x.rows()) = mean;
    Eigen::Map<Eigen::ArrayXd>(&out.sd[at(first)], x.rows()) = sum.sqrt();
  });
  return out;
}

std::vector<double> correlations_of(const LoggedSamples& samples,
                                    const GeneMoments& moments) {
  const Eigen::Map<const Eigen::ArrayXd> mean(moments.mean.data(),
                                              samples.n_genes());
  const Eigen::Map<const Eigen::ArrayXd> sd(moments.sd.data(),
                                            samples.n_genes());
  const Eigen::Array<bool, Eigen::Dynamic, 1> varies =
      sd > 1e-9 * (1 + mean.abs());
  const Eigen::ArrayXd scale = varies.select(1 / sd, 0.0);
  const auto others = static_cast<double>(varies.count()) - 1;
  if (others < 1) return std::vector<double>(moments.mean.size(), kNaN);

  // The sum of a gene's correlations with the others is the product of its
  // standardised profile with the sum of all profiles, less 1 for itself.
  const auto standardised = [&](Eigen::Index first, const Eigen::ArrayXXd& x,
                                Eigen::Index s) {
    return (x.col(s) - mean.segment(first, x.rows())) *
           scale.segment(first, x.rows());
  };
  Eigen::ArrayXd total = Eigen::ArrayXd::Zero(samples.n_samples());
  each_block(samples, [&](Eigen::Index first, const Eigen::ArrayXXd& x) {
    for (Eigen::Index s = 0; s < x.cols(); ++s) {
      total(s) += standardised(first, x, s).sum();
    }
  });
  Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(samples.n_genes());
  each_block(samples, [&](Eigen::Index first, const Eigen::ArrayXXd& x) {
    for (Eigen::Index s = 0; s < x.cols(); ++s) {
      sum.segment(first, x.rows()) += standardised(first, x, s) * total(s);
    }
  });
  const auto n = static_cast<double>(samples.n_samples());
  const Eigen::ArrayXd correlation =
      varies.select((sum / n - 1) / others, kNaN);
  return {correlation.data(), correlation.data() + correlation.size()};
}

GeneMoments gene_moments(const RMatrixView& x, bool linear) {
  return moments_of(LoggedSamples(x, linear));
}

std::vector<double> mean_correlations(const RMatrixView& x, bool linear) {
  const LoggedSamples samples(x, linear);
  return correlations_of(samples, moments_of(samples));
}

}  // namespace musl
