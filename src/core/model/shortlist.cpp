#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "musl/backend.h"
#include "musl/error.h"
#include "musl/file.h"
#include "musl/list_order.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kCandidates = 20;  // sampled per training pair
constexpr double kBest = 0.001;
constexpr std::int64_t kPartners = 500;  // of a gene, to find its threshold
constexpr double kRounding = 1e-5;  // a score varies with the pairs beside it
enum Stream : std::uint64_t {
  kTest,
  kRandom,
  kCandidate,
  kFirst,
  kSecond,
  kLists
};

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
  return once(std::move(keys));
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
  const auto at =
      values.begin() + std::clamp<std::int64_t>(n - 1, 0, size_of(values) - 1);
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
  order.resize(std::min(order.size(), at(n)));
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
                   const Tick& tick) {
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

void check_enough(const Scored& some) {
  constexpr std::int64_t kFewest = 100;
  if (some.pairs.size() >= kFewest) return;
  throw InputError("A shortlist must have at least " + std::to_string(kFewest) +
                   " pairs with a score to learn from, and to test; found " +
                   std::to_string(some.pairs.size()) +
                   ".\nScore so few pairs without a shortlist.");
}

/// What orders lists, by the student's scores: ListOrder, or these if that is
/// null.
std::vector<double> guessed_order(const ListOrder* order, const PairSet& pairs,
                                  const std::vector<float>& guess,
                                  int threads) {
  std::vector<double> score(guess.begin(), guess.end());
  return order == nullptr ? score : order->of(pairs, score, threads).order;
}

/// Some pairs of `gene` with columns of the pool, all if they are few.
PairSet some_partners(const AtlasTile& pool, std::int32_t gene,
                      std::uint64_t seed) {
  const auto n = size_of(pool.cols);
  Rng rng(derive_seed(seed, static_cast<std::uint64_t>(gene)));
  PairSet pairs;
  for (std::int64_t i = 0; i < std::min(n, kPartners); ++i) {
    const auto k = n > kPartners ? rng.below(static_cast<std::uint64_t>(n))
                                 : static_cast<std::uint64_t>(i);
    const auto partner = pool.cols[k];
    if (partner == gene) continue;
    pairs.a.push_back(std::min(gene, partner));
    pairs.b.push_back(std::max(gene, partner));
  }
  return pairs;
}

/// What the best `share` of the finite values reach; infinity without any.
double share_threshold(std::vector<double> values, double share) {
  values.erase(std::remove_if(values.begin(), values.end(),
                              [](double x) { return !std::isfinite(x); }),
               values.end());
  if (values.empty()) return std::numeric_limits<double>::infinity();
  const auto rank = std::ceil(share * static_cast<double>(values.size()));
  return nth_highest(values, static_cast<std::int64_t>(rank)) - kRounding;
}

/// (G) what the best `share` of a gene's pairs reach by guessed_order(), for
/// the rows of the pool; infinity for other genes, which have no list.
std::vector<double> list_thresholds(const Student& student,
                                    const AtlasTile& pool, std::int64_t n_genes,
                                    double share, const ListOrder* order,
                                    std::uint64_t seed, int threads,
                                    const Tick& tick) {
  std::vector<double> out(at(n_genes), std::numeric_limits<double>::infinity());
  const auto n = size_of(pool.rows);
  std::atomic<std::int64_t> done{0};
  std::function<bool()> go_on;
  if (tick) go_on = [&] { return tick(done, n); };
  parallel_for(
      n, threads,
      [&](std::int64_t r) {
        const auto gene = pool.rows[at(r)];
        const auto pairs = some_partners(pool, gene, seed);
        const auto guess = student.score(pairs, /*threads=*/1);
        out[at(gene)] = share_threshold(
            guessed_order(order, pairs, guess, /*threads=*/1), share);
        ++done;
      },
      go_on);
  return out;
}

ShortlistReport test_shortlist(const Student& student, const Scored& test,
                               const ShortlistConfig& config) {
  const auto guess = student.score(test.pairs, config.threads);
  const auto n = static_cast<double>(test.score.size());
  ShortlistReport report;
  report.threshold =
      nth_highest(guess, static_cast<std::int64_t>(std::ceil(config.top * n)));
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
const char kListThresholds[] = "lists";

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
  ShortlistReport out;
  out.threshold = archive.doubles(kThreshold).at(0);
  out.list_threshold = archive.doubles(kListThresholds);
  out.n_training = counts.at(0);
  out.n_test = counts.at(1);
  out.n_best = counts.at(2);
  out.n_passed = counts.at(3);
  return out;
}

}  // namespace

Shortlist make_shortlist(const PairScorer& scorer,
                         const StudentFeatures& features, const AtlasTile& pool,
                         const ShortlistConfig& config, const Tick& tick,
                         const ListOrder* order) {
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
  const auto first =
      backend().train_student(features, training.pairs, training.score,
                              seed(kFirst), config.threads, tick);
  const Keys candidates =
      draw(half * kCandidates, kCandidate, merged(test_keys, random));
  const auto guess = first->score(pairs_of(candidates, scorer.data().n_genes),
                                  config.threads, tick);
  const Scored more =
      score_pairs(scorer, best_keys(candidates, guess, half), tick);
  training.pairs = joined(training.pairs, more.pairs);
  training.score.insert(training.score.end(), more.score.begin(),
                        more.score.end());
  auto student =
      backend().train_student(features, training.pairs, training.score,
                              seed(kSecond), config.threads, tick);
  auto report = test_shortlist(*student, test, config);
  report.n_training = training.pairs.size();
  report.list_threshold =
      list_thresholds(*student, pool, scorer.data().n_genes, config.top / 2,
                      order, seed(kLists), config.threads, tick);
  return {std::move(student), report};
}

std::vector<std::uint8_t> passes(const Shortlist& shortlist,
                                 const PairSet& pairs, int threads,
                                 const ListOrder* order) {
  const auto& report = shortlist.report;
  const auto& lists = report.list_threshold;
  const auto score = shortlist.student->score(pairs, threads);
  const auto by = guessed_order(order, pairs, score, threads);
  const auto of_gene = [&](std::int32_t gene) {
    return gene < size_of(lists) ? lists[at(gene)]
                                 : std::numeric_limits<double>::infinity();
  };
  const auto of_list = [&](std::size_t i) {
    return std::min(of_gene(pairs.a[i]), of_gene(pairs.b[i]));
  };
  std::vector<std::uint8_t> out(score.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool kept = score[i] >= report.threshold || by[i] >= of_list(i);
    out[i] = static_cast<std::uint8_t>(kept ? 1 : 0);
  }
  return out;
}

void write_shortlist(const std::string& path, const std::string& key,
                     const Shortlist& shortlist) {
  Archive archive = shortlist.student->to_archive();
  const ShortlistReport& report = shortlist.report;
  const std::int64_t counts[] = {report.n_training, report.n_test,
                                 report.n_best, report.n_passed};
  archive.put(kThreshold, {1}, &report.threshold);
  archive.put(kCounts, {4}, counts);
  const auto& lists = report.list_threshold;
  archive.put(kListThresholds, {size_of(lists)}, lists.data());
  archive.metadata[kKey] = key;
  write_file(path, write_archive(archive));
}

Shortlist read_shortlist(const std::string& path, const std::string& key,
                         const StudentFeatures& features) {
  const Archive archive = read_own_archive(path, key);
  return {backend().read_student(archive, features), report_of(archive)};
}

ShortlistReport read_shortlist_report(const std::string& path,
                                      const std::string& key) {
  return report_of(read_own_archive(path, key));
}

}  // namespace musl
