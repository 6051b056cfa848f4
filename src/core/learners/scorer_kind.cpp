#include "learners/scorer_kind.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace musl {

namespace {

// A function's static, because kinds register before main().
std::vector<ScorerKind>& all_kinds() {
  static std::vector<ScorerKind> all;
  return all;
}

bool is_one_of(const std::vector<std::string>& scorers,
               const std::string& name) {
  return std::find(scorers.begin(), scorers.end(), name) != scorers.end();
}

}  // namespace

bool register_scorer(ScorerKind kind) {
  const auto order = [](const ScorerKind& x) {
    return std::tie(x.place, x.name);
  };
  const auto to = std::upper_bound(
      all_kinds().begin(), all_kinds().end(), kind,
      [&](const auto& x, const auto& y) { return order(x) < order(y); });
  all_kinds().insert(to, std::move(kind));
  return true;
}

const std::vector<ScorerKind>& scorer_kinds() { return all_kinds(); }

const ScorerKind& scorer_kind(const std::string& name) {
  const auto* found = find_named(scorer_kinds(), name);
  if (found != nullptr) return *found;
  throw InputError("There is no scorer \"" + name + "\" of features.");
}

std::vector<std::string> scorer_names(const MeasuredModel& model) {
  std::vector<std::string> out;
  for (const auto& kind : scorer_kinds()) {
    if (kind.is_fitted(model) && model.weights.of(kind.name) > 0) {
      out.push_back(kind.name);
    }
  }
  return out;
}

bool any_reads_linear(const std::vector<std::string>& scorers) {
  return std::any_of(scorers.begin(), scorers.end(), [](const auto& scorer) {
    return scorer_kind(scorer).reads_linear;
  });
}

std::vector<std::string> used_scorers(const MeasuredModel& model,
                                      const std::vector<std::string>& scorers) {
  const auto known = scorer_names(model);
  for (const auto& scorer : scorers) {
    if (!is_one_of(known, scorer)) {
      throw InputError("The model has no scorer \"" + scorer + "\".");
    }
  }
  return scorers.empty() ? known : scorers;
}

bool is_wanted(const std::vector<std::string>& wanted,
               const std::string& scorer) {
  return wanted.empty() || is_one_of(wanted, scorer);
}

void require_scorers(bool holds, const std::string& what) {
  if (holds) return;
  throw FormatError("The scorers of features are damaged: " + what);
}

}  // namespace musl
