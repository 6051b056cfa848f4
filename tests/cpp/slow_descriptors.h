#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "musl/descriptors.h"

namespace musl::testing {

using Values = std::vector<double>;

/// The 35 descriptors of two profiles by their definitions, one after another
/// and without regard to time.
class SlowDescriptors {
 public:
  SlowDescriptors(Values given_a, Values given_b, bool linear, int bins)
      : given_{std::move(given_a), std::move(given_b)}, linear_(linear) {
    for (int g = 0; g < 2; ++g) {
      for (const double v : given_[g]) {
        logged_[g].push_back(linear ? std::log10(v + 0.01) : v);
      }
      codes_[g] = codes(logged_[g], bins);
      low_[g] = outer(logged_[g], /*low=*/true);
      high_[g] = outer(logged_[g], /*low=*/false);
      for (const double v : given_[g]) detected_[g].push_back(v > 0);
    }
  }

  [[nodiscard]] Values all() const {
    Values out;
    for (int m = 0; m < 7; ++m) {
      const double x = marginal(0, m), y = marginal(1, m);
      out.push_back(std::min(x, y));
      out.push_back(std::max(x, y));
    }
    association(&out);
    cooccurrence(&out);
    directional(&out);
    return out;
  }

 private:
  using Flags = std::vector<bool>;

  static double mean(const Values& x) {
    double sum = 0;
    for (const double v : x) sum += v;
    return sum / static_cast<double>(x.size());
  }
  static double moment(const Values& x, double p) {
    const double centre = mean(x);
    Values powers;
    for (const double v : x) powers.push_back(std::pow(v - centre, p));
    return mean(powers);
  }
  static double sd(const Values& x) { return std::sqrt(moment(x, 2)); }
  static bool constant(const Values& x) {
    return std::all_of(x.begin(), x.end(), [&](double v) { return v == x[0]; });
  }
  static double median(Values x) {
    std::sort(x.begin(), x.end());
    const std::size_t n = x.size();
    return (x[(n - 1) / 2] + x[n / 2]) / 2;
  }
  static double pearson(const Values& x, const Values& y) {
    if (x.size() < 2 || constant(x) || constant(y)) return 0;
    const double mean_x = mean(x), mean_y = mean(y);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += (x[i] - mean_x) * (y[i] - mean_y);
    }
    return sum / static_cast<double>(x.size()) / (sd(x) * sd(y));
  }
  static Values ranks(const Values& x) {
    Values out;
    for (const double v : x) {
      double below = 0, equal = 0;
      for (const double w : x) {
        below += w < v ? 1 : 0;
        equal += w == v ? 1 : 0;
      }
      out.push_back(below + (equal + 1) / 2);
    }
    return out;
  }
  static Flags outer(const Values& x, bool low) {
    Flags out;
    for (const double r : ranks(x)) {
      const double share = (2 * r - 1) / (2 * static_cast<double>(x.size()));
      out.push_back(low ? share < 0.2 - 1e-12 : share > 0.8 + 1e-12);
    }
    return out;
  }
  static std::vector<int> codes(const Values& x, int bins) {
    const auto lower =
        static_cast<float>(*std::min_element(x.begin(), x.end()));
    const auto upper =
        static_cast<float>(*std::max_element(x.begin(), x.end()));
    std::vector<int> out;
    for (const double v : x) {
      const double width = (static_cast<double>(upper) - lower) / bins;
      const double bin = (static_cast<double>(static_cast<float>(v)) - lower);
      out.push_back(
          width > 0 ? std::min(bins - 1, static_cast<int>(bin / width)) : 0);
    }
    return out;
  }
  static double count(const Flags& x) {
    return static_cast<double>(std::count(x.begin(), x.end(), true));
  }
  static double both(const Flags& x, const Flags& y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] && y[i] ? 1 : 0;
    return sum;
  }
  static double ratio(double x, double y) { return y > 0 ? x / y : 0; }

  [[nodiscard]] double marginal(int g, int which) const {
    const Values& x = logged_[g];
    const bool flat = constant(x);
    switch (which) {
      case 0:
        return mean(x);
      case 1:
        return flat ? 0 : sd(x);
      case 2: {
        Values linear = given_[g];
        if (!linear_) {
          for (double& v : linear) v = std::max(0.0, std::pow(2, v) - 1);
        }
        return flat ? 0 : ratio(sd(linear), mean(linear));
      }
      case 3:
        return flat ? 0 : moment(x, 3) / std::pow(sd(x), 3);
      case 4:
        return flat ? 0 : moment(x, 4) / std::pow(sd(x), 4) - 3;
      case 5:
        return count(detected_[g]) / static_cast<double>(x.size());
      default:
        return median(x);
    }
  }

  [[nodiscard]] Values biweight(int g) const {
    const Values& x = logged_[g];
    const double centre = median(x);
    Values deviations;
    for (const double v : x) deviations.push_back(std::abs(v - centre));
    const double mad = median(deviations);
    Values row;
    for (const double v : x) {
      if (mad == 0) {
        row.push_back(v - mean(x));
        continue;
      }
      const double u = (v - centre) / (9 * mad);
      row.push_back(std::abs(u) < 1 ? (v - centre) * std::pow(1 - u * u, 2)
                                    : 0);
    }
    return row;
  }

  static double cosine(const Values& x, const Values& y) {
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      xy += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
  }

  [[nodiscard]] double kendall() const {
    double concordance = 0, untied_a = 0, untied_b = 0;
    for (std::size_t i = 0; i < codes_[0].size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const int a = codes_[0][i] - codes_[0][j];
        const int b = codes_[1][i] - codes_[1][j];
        const int product = a * b;
        concordance += (product > 0) - (product < 0);
        untied_a += a != 0;
        untied_b += b != 0;
      }
    }
    return ratio(concordance, std::sqrt(untied_a * untied_b));
  }

  /// Mutual information and the two entropies, in nats.
  [[nodiscard]] std::array<double, 3> information() const {
    std::map<std::pair<int, int>, double> joint;
    std::map<int, double> a, b;
    const double one = 1.0 / static_cast<double>(codes_[0].size());
    for (std::size_t i = 0; i < codes_[0].size(); ++i) {
      joint[{codes_[0][i], codes_[1][i]}] += one;
      a[codes_[0][i]] += one;
      b[codes_[1][i]] += one;
    }
    std::array<double, 3> out{};
    for (const auto& [cell, p] : joint) {
      out[0] += p * std::log(p / (a[cell.first] * b[cell.second]));
    }
    for (const auto& [bin, p] : a) out[1] -= p * std::log(p);
    for (const auto& [bin, p] : b) out[2] -= p * std::log(p);
    return out;
  }

  void association(Values* out) const {
    const Values &x = logged_[0], &y = logged_[1];
    const auto mi = information();
    const bool flat = constant(x) || constant(y);
    Values seen_x, seen_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!detected_[0][i] || !detected_[1][i]) continue;
      seen_x.push_back(x[i]);
      seen_y.push_back(y[i]);
    }
    out->push_back(pearson(x, y));
    out->push_back(pearson(ranks(x), ranks(y)));
    out->push_back(kendall());
    out->push_back(flat ? 0 : cosine(biweight(0), biweight(1)));
    out->push_back(mi[0]);
    out->push_back(
        mi[1] > 1e-12 && mi[2] > 1e-12 ? mi[0] / std::sqrt(mi[1] * mi[2]) : 0);
    out->push_back(cosine(x, y));
    out->push_back(flat ? 0
                        : 2 * pearson(x, y) * sd(x) * sd(y) /
                              (moment(x, 2) + moment(y, 2) +
                               std::pow(mean(x) - mean(y), 2)));
    out->push_back(seen_x.size() < 3 ? 0 : pearson(seen_x, seen_y));
  }

  void cooccurrence(Values* out) const {
    const auto n = static_cast<double>(logged_[0].size());
    const double a = count(low_[0]), b = count(low_[1]);
    const double ll = both(low_[0], low_[1]);
    const double n10 = a - ll, n01 = b - ll, n00 = n - a - b + ll;
    const double dd = both(detected_[0], detected_[1]);
    out->push_back(ll / n);
    out->push_back(both(high_[0], high_[1]) / n);
    out->push_back((both(low_[0], high_[1]) + both(high_[0], low_[1])) / n);
    out->push_back(std::log2((ll + 0.5) / (a * b / n + 0.5)));
    out->push_back(a * b == 0 ? 0
                              : std::log((ll + 0.5) * (n00 + 0.5) /
                                         ((n10 + 0.5) * (n01 + 0.5))));
    out->push_back(
        ratio(ll * n00 - n10 * n01, std::sqrt(a * (n - a) * b * (n - b))));
    out->push_back(
        ratio((ll - a * b / n) / std::sqrt(n), std::sqrt(a * b / n)));
    out->push_back(ratio(dd, count(detected_[0]) + count(detected_[1]) - dd));
  }

  [[nodiscard]] double shift(int of, int where) const {
    const Values& x = logged_[of];
    if (constant(x)) return 0;
    const double centre = mean(x), spread = sd(x);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (low_[where][i]) sum += (x[i] - centre) / spread;
    }
    return ratio(sum, count(low_[where]));
  }

  void directional(Values* out) const {
    out->push_back(std::max(shift(0, 1), shift(1, 0)));
    out->push_back(std::min(shift(0, 1), shift(1, 0)));
    out->push_back(ratio(both(low_[0], low_[1]),
                         std::sqrt(count(low_[0]) * count(low_[1]))));
    out->push_back(ratio(both(high_[0], high_[1]),
                         std::sqrt(count(high_[0]) * count(high_[1]))));
  }

  Values given_[2];
  bool linear_;
  Values logged_[2];
  std::vector<int> codes_[2];
  Flags low_[2], high_[2], detected_[2];
};

}  // namespace musl::testing
