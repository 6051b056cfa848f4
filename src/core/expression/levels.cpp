#include "expression/levels.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <vector>

#include "base/matrix.h"

namespace musl {

namespace {

constexpr int kMostLevels = 252;  // 255 steps with three thresholds
constexpr std::size_t kMostSteps = 256;

/// Numbers of a gene, one a step.
using Table = std::array<double, kMostSteps>;

/// A gene's samples by step.
struct Counted {
  Table value{};  // represented by a step
  std::array<std::int64_t, kMostSteps> count{};
  std::array<std::uint8_t, kMostSteps> detected{};
  std::int64_t n = 0;
  std::vector<std::size_t> used;  // steps that have samples, ascending

  template <class Function>
  [[nodiscard]] double sum(const Function& of_step) const {
    double total = 0;
    for (const std::size_t i : used) {
      total += static_cast<double>(count[i]) * of_step(i);
    }
    return total;
  }

  /// Computes a number for each step that has samples.
  template <class Function>
  [[nodiscard]] Table each(const Function& of_step) const {
    Table out{};
    for (const std::size_t i : used) out[i] = of_step(i);
    return out;
  }
};

/// Number of a row's thresholds that a step has passed.
int thresholds_passed(const ExpressionCohort& cohort, std::int64_t row,
                      std::size_t step) {
  const auto begin = cohort.step_begin.row(row);
  return static_cast<int>(
      std::count_if(begin.data(), begin.data() + kThresholds,
                    [&](std::uint8_t first) { return first <= step; }));
}

/// Each part of a level represents its middle, dividing the level equally among
/// the parts that have samples; the lowest step represents the minimum.
void set_values(const ExpressionCohort& cohort, std::int64_t row,
                Counted* steps) {
  const auto r = static_cast<std::size_t>(row);
  const double lower = cohort.level_edges.lower[r];
  const double width =
      (static_cast<double>(cohort.level_edges.upper[r]) - lower) /
      cohort.n_levels;
  std::array<int, kMostSteps> parts{}, level{};
  for (const std::size_t i : steps->used) {
    const int passed = thresholds_passed(cohort, row, i);
    level[i] = std::max(static_cast<int>(i) - passed, 0);
    ++parts[static_cast<std::size_t>(level[i])];
  }
  int before = -1, part = 0;
  for (const std::size_t i : steps->used) {
    part = level[i] == before ? part + 1 : 0;
    before = level[i];
    const int n = parts[static_cast<std::size_t>(level[i])];
    const bool lowest = level[i] == 0 && part == 0;
    steps->value[i] =
        lowest ? lower : lower + (level[i] + (part + 0.5) / n) * width;
  }
}

Counted count_steps(const ExpressionCohort& cohort, std::int64_t row) {
  Counted out;
  out.n = cohort.n_samples;
  const auto steps = cohort.steps.row(row);
  for (std::int64_t s = 0; s < out.n; ++s) ++out.count[steps(s)];
  for (std::size_t i = 0; i < kMostSteps; ++i) {
    if (out.count[i] > 0) out.used.push_back(i);
  }
  set_values(cohort, row, &out);
  const std::uint8_t first = cohort.step_begin(row, kDetectedStep);
  std::fill(out.detected.begin() + first, out.detected.end(), kDetected);
  return out;
}

/// Scales deviations to unit norm over the samples.
Table unit_norm(const Counted& steps, const Table& deviation) {
  const double norm = std::sqrt(
      steps.sum([&](std::size_t i) { return deviation[i] * deviation[i]; }));
  const double factor = norm > 0 && std::isfinite(norm) ? 1.0 / norm : 0.0;
  return steps.each([&](std::size_t i) { return deviation[i] * factor; });
}

/// The median over the samples of a number given by their step.
double median(const Counted& steps, const Table& number) {
  std::vector<std::size_t> order = steps.used;
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return number[i] < number[j];
  });
  const auto at = [&](std::int64_t rank) {  // from 0
    std::int64_t before = 0;
    for (const std::size_t i : order) {
      before += steps.count[i];
      if (rank < before) return number[i];
    }
    return number[order.back()];
  };
  const double upper = at(steps.n / 2);
  return steps.n % 2 == 1 ? upper : (at(steps.n / 2 - 1) + upper) / 2;
}

Table biweight(const Counted& steps, const Table& standardised) {
  const double middle = median(steps, steps.value);
  const Table distance = steps.each(
      [&](std::size_t i) { return std::abs(steps.value[i] - middle); });
  const double mad = median(steps, distance);
  if (mad == 0) return standardised;
  const Table deviation = steps.each([&](std::size_t i) {
    const double u = (steps.value[i] - middle) / (9.0 * mad);
    const double w = std::abs(u) < 1 ? 1 - u * u : 0.0;
    return (steps.value[i] - middle) * w * w;
  });
  return unit_norm(steps, deviation);
}

/// Half precision of each step.
std::array<float, kMostSteps> rounded(const Counted& counted,
                                      const Table& of_step) {
  std::array<float, kMostSteps> out{};
  for (const std::size_t i : counted.used) {
    out[i] = round_to_half(static_cast<float>(of_step[i]));
  }
  return out;
}

/// Writes a row of a table, or looks it up by the steps of `row`.
template <class Value, class Rows>
void put_row(const ExpressionCohort& cohort, std::int64_t row,
             const std::array<Value, kMostSteps>& of_step, Rows* table,
             Rows* stored) {
  if (table != nullptr) {
    std::copy(of_step.begin(), of_step.end(), table->row(row).data());
    return;
  }
  const auto steps = cohort.steps.row(row);
  auto out = stored->row(row);
  for (std::int64_t s = 0; s < cohort.n_samples; ++s) {
    out(s) = of_step[steps(s)];
  }
}

/// The level of a value, within the bin that bin_by_value() gives it.
int level_of(float x, float lower, float upper, int bins, int per_bin) {
  const double range = static_cast<double>(upper) - lower;
  const double per_unit = range > 0 ? bins / range : 0.0;
  const double place = (static_cast<double>(x) - lower) * per_unit;
  const int bin = static_cast<int>(std::clamp(place, 0.0, bins - 1.0));
  const double within = (place - bin) * per_bin;
  return bin * per_bin +
         static_cast<int>(std::clamp(within, 0.0, per_bin - 1.0));
}

}  // namespace

int level_count(int bins) { return bins * (kMostLevels / bins); }

void store_levels(const ProfileValues& values, std::int64_t row,
                  ExpressionCohort* cohort) {
  const auto r = static_cast<std::size_t>(row);
  std::vector<float> logged(values.logged.size());
  std::transform(values.logged.begin(), values.logged.end(), logged.begin(),
                 to_finite_float);
  const auto ends = std::minmax_element(logged.begin(), logged.end());
  cohort->level_edges.lower[r] = *ends.first;
  cohort->level_edges.upper[r] = *ends.second;
  const int bins = cohort->config.bins, per_bin = cohort->n_levels / bins;
  Profile profile;
  describe_flags(values, &profile);
  auto steps = cohort->steps.row(row);
  auto begin = cohort->step_begin.row(row);
  begin.setConstant(static_cast<std::uint8_t>(kMostSteps - 1));
  for (std::size_t s = 0; s < logged.size(); ++s) {
    const std::uint8_t flags = profile.flags[s];
    const std::array<bool, kThresholds> passed = {
        (flags & kLow) == 0, (flags & kDetected) != 0, (flags & kHigh) != 0};
    const int step =
        level_of(logged[s], *ends.first, *ends.second, bins, per_bin) +
        static_cast<int>(std::count(passed.begin(), passed.end(), true));
    steps(static_cast<Eigen::Index>(s)) = static_cast<std::uint8_t>(step);
    for (int t = 0; t < kThresholds; ++t) {
      if (passed[static_cast<std::size_t>(t)]) {
        begin(t) = std::min(begin(t), static_cast<std::uint8_t>(step));
      }
    }
  }
}

std::vector<double> values_of_levels(const ExpressionCohort& cohort,
                                     std::int64_t row) {
  const Counted counted = count_steps(cohort, row);
  const auto steps = cohort.steps.row(row);
  std::vector<double> out(static_cast<std::size_t>(cohort.n_samples));
  std::transform(steps.data(), steps.data() + steps.size(), out.begin(),
                 [&](std::uint8_t step) { return counted.value[step]; });
  return out;
}

std::shared_ptr<StepTables> tables_for(const ExpressionCohort& cohort) {
  static std::atomic<std::uint64_t> last{0};
  const std::int64_t rows = cohort.n_rows();
  if (rows * cohort.n_samples <= cohort.config.most_stored) return nullptr;
  auto out = std::make_shared<StepTables>();
  for (Matrix* m : {&out->standardised, &out->ranked, &out->biweight}) {
    m->resize(rows, kMostSteps);
  }
  out->flags.resize(rows, kMostSteps);
  out->id = ++last;
  return out;
}

void describe_levels(std::int64_t row, ExpressionCohort* cohort,
                     StepTables* tables) {
  const Counted steps = count_steps(*cohort, row);
  const double mean = steps.sum([&](std::size_t i) { return steps.value[i]; }) /
                      static_cast<double>(steps.n);
  Table deviation{}, rank{};
  std::array<std::uint8_t, kMostSteps> flags = steps.detected;
  std::int64_t before = 0;
  bool constant = false;
  for (const std::size_t i : steps.used) {
    deviation[i] = steps.value[i] - mean;
    constant = constant || steps.count[i] == steps.n;
    const std::int64_t doubled = 2 * before + steps.count[i] + 1;
    before += steps.count[i];
    rank[i] = static_cast<double>(doubled - (steps.n + 1));
    flags[i] |= rank_flags(doubled, steps.n);
  }
  Table standardised{}, ranked{}, robust{};
  if (!constant) {
    standardised = unit_norm(steps, deviation);
    ranked = unit_norm(steps, rank);
    robust = biweight(steps, standardised);
  }
  const auto put = [&](const Table& of_step, Matrix StepTables::*table,
                       Matrix ExpressionCohort::*stored) {
    put_row(*cohort, row, rounded(steps, of_step),
            tables == nullptr ? nullptr : &(tables->*table),
            &(cohort->*stored));
  };
  put(standardised, &StepTables::standardised, &ExpressionCohort::standardised);
  put(ranked, &StepTables::ranked, &ExpressionCohort::ranked);
  put(robust, &StepTables::biweight, &ExpressionCohort::biweight);
  put_row(*cohort, row, flags, tables == nullptr ? nullptr : &tables->flags,
          &cohort->flags);
}

}  // namespace musl
