#include "musl/shortlist.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include "musl/error.h"
#include "musl/file.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kCandidates = 20;  // sampled per training pair
constexpr double kBest = 0.001;
enum Stream : std::uint64_t { kTest, kRandom, kCandidate, kFirst, kSecond };

using Keys = std::vector<std::int64_t>;

/// Up to n distinct pairs of the pool, none of `taken` (ascending); ascending.
Keys draw_pairs(const AtlasTile& pool, std::int64_t n_genes, std::int64_t n,
                std::uint64_t seed, const Keys& taken) {
  Rng rng(seed);
  Keys keys;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::int64_t>(
        rng.below(static_cast<std::uint64_t>(pool.size())));
    const auto a = pool.a(at), b = pool.b(at);
    if (a == b) continue;
    const auto key = pair_key(a, b, n_genes);
    if (!std::binary_search(taken.begin(), taken.end(), key)) {
      keys.push_back(key);
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

PairSet pairs_of(const Keys& keys, std::int64_t n_genes) {
  PairSet pairs;
  for (const auto key : keys) {
    pairs.a.push_back(static_cast<std::int32_t>(key / n_genes));
    pairs.b.push_back(static_cast<std::int32_t>(key % n_genes));
  }
  return pairs;
}

Keys merged(const Keys& x, const Keys& y) {
  Keys out;
  std::set_union(x.begin(), x.end(), y.begin(), y.end(),
                 std::back_inserter(out));
  return out;
}

/// The n-th highest of the values, which must not be empty.
template <class Value>
Value nth_highest(std::vector<Value> values, std::int64_t n) {
  const auto at = values.begin() +
                  std::clamp<std::int64_t>(
                      n - 1, 0, static_cast<std::int64_t>(values.size()) - 1);
  std::nth_element(values.begin(), at, values.end(), std::greater<Value>());
  return *at;
}

/// The keys with the n highest scores, ascending.
Keys best_keys(const Keys& keys, const std::vector<float>& score,
               std::int64_t n) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto i, auto j) { return score[i] > score[j]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(n)));
  Keys best;
  for (const auto i : order) best.push_back(keys[i]);
  std::sort(best.begin(), best.end());
  return best;
}

/// Pairs with the model's scores, without pairs that have none.
struct Scored {
  PairSet pairs;
  std::vector<double> score;
};

Scored score_pairs(const PairScorer& scorer, const Keys& keys,
                   const PairScorer::Tick& tick) {
  const auto all = pairs_of(keys, scorer.data().n_genes);
  const auto score = scorer.score(all, tick).score;
  Scored out;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (!std::isfinite(score[i])) continue;
    out.pairs.a.push_back(all.a[i]);
    out.pairs.b.push_back(all.b[i]);
    out.score.push_back(score[i]);
  }
  return out;
}

void join(const Scored& more, Scored* to) {
  const auto add = [](const auto& from, auto* into) {
    into->insert(into->end(), from.begin(), from.end());
  };
  add(more.pairs.a, &to->pairs.a);
  add(more.pairs.b, &to->pairs.b);
  add(more.score, &to->score);
}

void check_enough(const Scored& some) {
  constexpr std::int64_t kFewest = 100;
  if (some.pairs.size() >= kFewest) return;
  throw InputError("A shortlist must have at least " + std::to_string(kFewest) +
                   " pairs with a score to learn from, and to test; found " +
                   std::to_string(some.pairs.size()) +
                   ".\nScore so few pairs without a shortlist.");
}

/// ListOrder by the student's scores.
std::vector<double> guessed_order(const ListOrder& order, const PairSet& pairs,
                                  const std::vector<float>& guess,
                                  int threads) {
  return order.of(pairs, {guess.begin(), guess.end()}, threads).order;
}

ShortlistReport test_shortlist(const Student& student, const Scored& test,
                               const ShortlistConfig& config,
                               const ListOrder* order) {
  const auto guess = student.score(test.pairs, config.threads);
  const auto n = static_cast<double>(test.score.size());
  const auto n_top = static_cast<std::int64_t>(std::ceil(config.top * n));
  ShortlistReport report;
  report.threshold = nth_highest(guess, n_top);
  if (order != nullptr) {
    report.order_threshold = nth_highest(
        guessed_order(*order, test.pairs, guess, config.threads), n_top);
  }
  const double bound =
      nth_highest(test.score, static_cast<std::int64_t>(std::ceil(kBest * n)));
  report.n_test = test.pairs.size();
  for (std::size_t i = 0; i < guess.size(); ++i) {
    if (test.score[i] < bound) continue;
    ++report.n_best;
    if (guess[i] >= report.threshold) ++report.n_passed;
  }
  return report;
}

const char kKey[] = "atlas";
const char kThreshold[] = "threshold";
const char kCounts[] = "counts";

Archive read_own_archive(const std::string& path, const std::string& key) {
  const auto bytes = read_file(path);
  Archive archive = read_archive(bytes.data(), bytes.size());
  if (archive.metadata[kKey] != key) {
    throw FormatError("\"" + path + "\" is the student of another atlas.");
  }
  return archive;
}

ShortlistReport report_of(const Archive& archive) {
  const auto counts = archive.longs(kCounts);
  const auto thresholds = archive.doubles(kThreshold);
  ShortlistReport out;
  out.threshold = thresholds.at(0);
  // Students of older versions have one.
  if (thresholds.size() > 1) out.order_threshold = thresholds[1];
  out.n_training = counts.at(0);
  out.n_test = counts.at(1);
  out.n_best = counts.at(2);
  out.n_passed = counts.at(3);
  return out;
}

}  // namespace

Shortlist make_shortlist(const PairScorer& scorer,
                         const StudentFeatures& features, const AtlasTile& pool,
                         const ShortlistConfig& config,
                         const PairScorer::Tick& tick, const ListOrder* order) {
  check_tile(pool);
  const auto seed = [&](Stream s) { return derive_seed(config.seed, s); };
  const auto draw = [&](std::int64_t n, Stream s, const Keys& taken) {
    return draw_pairs(pool, scorer.data().n_genes, n, seed(s), taken);
  };
  const std::int64_t half = config.pairs / 2;
  const Keys test_keys = draw(config.test, kTest, {});
  const Scored test = score_pairs(scorer, test_keys, tick);
  const Keys random = draw(half, kRandom, test_keys);
  Scored training = score_pairs(scorer, random, tick);
  check_enough(test);
  check_enough(training);
  const auto first = Student::train(features, training.pairs, training.score,
                                    seed(kFirst), config.threads, tick);
  const Keys candidates =
      draw(half * kCandidates, kCandidate, merged(test_keys, random));
  const auto guess = first.score(pairs_of(candidates, scorer.data().n_genes),
                                 config.threads, tick);
  join(score_pairs(scorer, best_keys(candidates, guess, half), tick),
       &training);
  auto student = Student::train(features, training.pairs, training.score,
                                seed(kSecond), config.threads, tick);
  auto report = test_shortlist(student, test, config, order);
  report.n_training = training.pairs.size();
  return {std::move(student), report};
}

std::vector<std::uint8_t> passes(const Shortlist& shortlist,
                                 const PairSet& pairs, int threads,
                                 const ListOrder* order) {
  const auto& report = shortlist.report;
  const auto score = shortlist.student.score(pairs, threads);
  std::vector<double> by;
  if (order != nullptr) by = guessed_order(*order, pairs, score, threads);
  std::vector<std::uint8_t> out(score.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool kept = score[i] >= report.threshold ||
                      (order != nullptr && by[i] >= report.order_threshold);
    out[i] = static_cast<std::uint8_t>(kept ? 1 : 0);
  }
  return out;
}

void write_shortlist(const std::string& path, const std::string& key,
                     const Shortlist& shortlist) {
  Archive archive = shortlist.student.to_archive();
  const ShortlistReport& report = shortlist.report;
  const std::int64_t counts[] = {report.n_training, report.n_test,
                                 report.n_best, report.n_passed};
  const double thresholds[] = {report.threshold, report.order_threshold};
  archive.put(kThreshold, {2}, thresholds);
  archive.put(kCounts, {4}, counts);
  archive.metadata[kKey] = key;
  write_file(path, write_archive(archive));
}

Shortlist read_shortlist(const std::string& path, const std::string& key,
                         const StudentFeatures& features) {
  const Archive archive = read_own_archive(path, key);
  return {Student::from_archive(archive, features), report_of(archive)};
}

ShortlistReport read_shortlist_report(const std::string& path,
                                      const std::string& key) {
  return report_of(read_own_archive(path, key));
}

}  // namespace musl
