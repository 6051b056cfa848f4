#include "muse/unlabelled_pairs.h"

#include <algorithm>
#include <unordered_set>

#include "base/numbers.h"
#include "base/pair_set.h"
#include "base/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kMost = 200000;
constexpr std::int64_t kTries = 20;  // for each pair that is wanted

using Nodes = std::vector<std::int32_t>;

/// First or second nodes of the training pairs; of one type alike.
std::pair<Nodes, Nodes> ends_of(const InteractionData& data) {
  Nodes a = data.training.a, b = data.training.b;
  if (data.nodes.size() == 1) {
    a.insert(a.end(), b.begin(), b.end());
    b = a;
  }
  return {a, b};
}

std::int32_t pick(const Nodes& nodes, Rng* rng) {
  return nodes[at(rng->below(nodes.size()))];
}

void draw(const Nodes& a, const Nodes& b, std::int64_t count,
          std::int64_t n_nodes, std::unordered_set<std::int64_t>* taken,
          Rng* rng, LabelledPairs* out) {
  for (std::int64_t tries = kTries * count; count > 0 && tries > 0; --tries) {
    const auto x = pick(a, rng), y = pick(b, rng);
    if (x == y || !taken->insert(pair_key(x, y, n_nodes)).second) continue;
    out->a.push_back(std::min(x, y));
    out->b.push_back(std::max(x, y));
    --count;
  }
}

}  // namespace

LabelledPairs draw_unlabelled_pairs(const InteractionData& data,
                                    std::int64_t count, std::uint64_t seed) {
  const auto n = data.n_nodes();
  std::unordered_set<std::int64_t> taken;
  for (const auto* part : {&data.training, &data.validation, &data.held_out}) {
    for (std::size_t i = 0; i < part->a.size(); ++i) {
      taken.insert(pair_key(part->a[i], part->b[i], n));
    }
  }
  const auto [a, b] = ends_of(data);
  count = std::min(count, kMost);
  Rng rng(seed);
  LabelledPairs out;
  draw(once(a), once(b), count - count / 2, n, &taken, &rng, &out);
  draw(a, b, count / 2, n, &taken, &rng, &out);
  return out;
}

std::vector<int> count_unseen(const std::vector<std::uint8_t>& seen,
                              const LabelledPairs& pairs) {
  std::vector<int> out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    out.push_back(2 - seen[at(pairs.a[i])] - seen[at(pairs.b[i])]);
  }
  return out;
}

LabelledPairs both_parts(const LabelledPairs& x, const LabelledPairs& y) {
  LabelledPairs out = x;
  out.a.insert(out.a.end(), y.a.begin(), y.a.end());
  out.b.insert(out.b.end(), y.b.begin(), y.b.end());
  out.label = Matrix(x.label.rows() + y.label.rows(), x.label.cols());
  out.label << x.label, y.label;
  return out;
}

}  // namespace musl
