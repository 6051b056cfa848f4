// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "learners/logistic.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/parallel.h"

namespace musl {

namespace {

using Vector = Eigen::VectorXd;
using Square = Eigen::MatrixXd;

// Rows are split into at most this many parts, whose sums are added in order.
constexpr std::int64_t kParts = 32;
constexpr std::int64_t kSmallestPart = 256;
constexpr int kHalvings = 30;

struct Problem {
  const Matrix& x;
  const std::vector<float>& label;
  std::vector<double> weight;  // sums to 1
  double lambda;
  int threads;

  [[nodiscard]] std::int64_t n_parts() const {
    return std::clamp<std::int64_t>(x.rows() / kSmallestPart, 1, kParts);
  }
};

/// Sums over rows: loss, gradient and Hessian; the intercept comes last.
struct Sums {
  double loss = 0;
  Vector gradient;
  Square hessian;
};

/// log(1 + exp(x)) without overflow.
double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

Sums sum_part(const Problem& problem, const Vector& beta, std::int64_t first,
              std::int64_t last, bool with_slopes) {
  const Eigen::Index f = problem.x.cols();
  const auto rows = problem.x.middleRows(first, last - first);
  Square x(last - first, f + 1);
  x.leftCols(f) = rows.cast<double>();
  x.col(f).setOnes();
  const Vector score = x * beta;
  Vector slope(last - first), curve(last - first);
  Sums out;
  for (Eigen::Index i = 0; i < score.size(); ++i) {
    const auto k = static_cast<std::size_t>(first + i);
    const double y = problem.label[k] > 0.5F ? 1 : 0;
    const double p = 1 / (1 + std::exp(-score[i]));
    out.loss += problem.weight[k] * (softplus(score[i]) - y * score[i]);
    slope[i] = problem.weight[k] * (p - y);
    curve[i] = problem.weight[k] * p * (1 - p);
  }
  if (!with_slopes) return out;
  out.gradient = x.transpose() * slope;
  out.hessian = x.transpose() * (curve.asDiagonal() * x);
  return out;
}

Sums sum_all(const Problem& problem, const Vector& beta, bool with_slopes) {
  const std::int64_t n = problem.x.rows(), n_parts = problem.n_parts();
  std::vector<Sums> parts(static_cast<std::size_t>(n_parts));
  parallel_for(n_parts, problem.threads, [&](std::int64_t i) {
    parts[static_cast<std::size_t>(i)] = sum_part(
        problem, beta, i * n / n_parts, (i + 1) * n / n_parts, with_slopes);
  });
  Sums out = std::move(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    out.loss += parts[i].loss;
    if (!with_slopes) continue;
    out.gradient += parts[i].gradient;
    out.hessian += parts[i].hessian;
  }
  const Eigen::Index f = problem.x.cols();
  out.loss += problem.lambda / 2 * beta.head(f).squaredNorm();
  if (!with_slopes) return out;
  out.gradient.head(f) += problem.lambda * beta.head(f);
  out.hessian.diagonal().head(f).array() += problem.lambda;
  return out;
}

std::vector<double> unit_weights(const Matrix& x,
                                 const std::vector<float>& label,
                                 const std::vector<float>& weight) {
  const auto n = static_cast<std::size_t>(x.rows());
  std::vector<double> out(n, 1.0);
  if (!weight.empty()) std::copy(weight.begin(), weight.end(), out.begin());
  double of_class[2] = {0, 0};
  for (std::size_t i = 0; i < n; ++i) {
    of_class[label[i] > 0.5F ? 1 : 0] += out[i];
  }
  const double total = of_class[0] + of_class[1];
  for (double& w : out) w /= total;
  return out;
}

/// A Newton step, halved until the loss falls; false if it never does.
bool step_down(const Problem& problem, const Vector& step, double loss,
               Vector* beta) {
  double length = 1;
  for (int i = 0; i < kHalvings; ++i, length /= 2) {
    const Vector next = *beta - length * step;
    const double reached = sum_all(problem, next, /*with_slopes=*/false).loss;
    if (reached <= loss) {
      *beta = next;
      return true;
    }
  }
  return false;
}

}  // namespace

LogisticModel fit_logistic(const Matrix& x, const std::vector<float>& label,
                           const std::vector<float>& weight,
                           const LogisticConfig& config, int threads) {
  const Problem problem{x, label, unit_weights(x, label, weight), config.lambda,
                        threads};
  const Eigen::Index f = x.cols();
  Vector beta = Vector::Zero(f + 1);
  for (int i = 0; i < config.max_iterations; ++i) {
    const Sums sums = sum_all(problem, beta, /*with_slopes=*/true);
    const Vector step = sums.hessian.ldlt().solve(sums.gradient);
    if (!step_down(problem, step, sums.loss, &beta)) break;
    if (step.cwiseAbs().maxCoeff() < config.tolerance) break;
  }
  LogisticModel out;
  out.intercept = beta[f];
  out.coefficient.assign(beta.data(), beta.data() + f);
  return out;
}

std::vector<double> predict_logistic(const LogisticModel& model,
                                     const Matrix& x) {
  const auto f = static_cast<Eigen::Index>(model.coefficient.size());
  std::vector<double> score(static_cast<std::size_t>(x.rows()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    double sum = model.intercept;
    for (Eigen::Index j = 0; j < f; ++j) {
      sum += static_cast<double>(x(i, j)) *
             model.coefficient[static_cast<std::size_t>(j)];
    }
    score[static_cast<std::size_t>(i)] = sum;
  }
  return score;
}

}  // namespace musl
