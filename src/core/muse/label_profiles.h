#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "muse/interactions.h"
#include "muse/label_graph.h"

namespace musl {

/// Largest number of nodes for one label: the products of all profiles are
/// stored in full, as many values for several labels together.
inline constexpr std::int64_t kMostProfileNodes = 5000;

/// Powers of the similarity that choose_profile_power() compares.
inline constexpr int kProfilePowers[] = {1, 2, 4, 8};

/// Scores a pair by what nodes like one end have with the other: collaborative
/// filtering by neighbours (Resnick et al. 1994, CSCW: 175) over the labelled
/// edges of a graph, for each label by itself.
///
/// A node's profile is its row of centred labels, 0 where unknown. Nodes are
/// alike by the cosine of their profiles to a power, 0 if it is negative. The
/// score is the mean label, plus both nodes' shrunk differences from it, plus
/// the mean, over nodes alike, of what their labels with the other end differ
/// from that sum, averaged over the two ends.
class LabelProfiles {
 public:
  /// graph  must outlive this; can_have_profiles()
  LabelProfiles(const LabelGraph& graph, int threads);

  /// (n, C) expected labels, 0 to 1, as if a pair's own edge were absent. The
  /// bits are the same for (a, b) and (b, a), and any `threads`.
  [[nodiscard]] Matrix score(const LabelledPairs& pairs, int power,
                             int threads) const;

 private:
  /// Of one label.
  struct Profiles {
    Matrix product;                    // (N, N)
    std::vector<double> sum, squares;  // (N) of centred labels
  };
  struct End;
  [[nodiscard]] Profiles profiles_of(Eigen::Index label, int threads) const;
  [[nodiscard]] double score_one(std::int32_t a, std::int32_t b,
                                 Eigen::Index label, int power) const;
  [[nodiscard]] End end_of(std::int32_t node, std::int32_t own,
                           Eigen::Index label) const;
  [[nodiscard]] double from_alike(std::int32_t a, const End& of_a,
                                  std::int32_t b, const End& of_b,
                                  Eigen::Index label, int power) const;

  const LabelGraph& graph_;
  std::vector<double> number_;  // (N) labelled edges
  std::vector<Profiles> each_;  // (C)
};

/// Whether a graph has profiles: of labels, not affinities, and of no more
/// nodes than can be stored.
[[nodiscard]] bool can_have_profiles(const InteractionConfig& config,
                                     const LabelGraph& graph);

/// The power whose scores of these pairs have the largest AUROC, the mean over
/// labels; the first of equal ones, and where no label has both classes.
[[nodiscard]] int choose_profile_power(const LabelProfiles& profiles,
                                       const LabelledPairs& pairs, int threads);

}  // namespace musl
