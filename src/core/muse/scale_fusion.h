#pragma once

#include <array>
#include <string>
#include <vector>

#include "musl/calibration.h"
#include "musl/interactions.h"
#include "musl/stacking.h"

namespace musl {

/// Scores of the scales of a network.
///
/// fused is 0 if no network fused the two scales; kernels, profile and
/// node_mean are empty if there are none.
struct ScaleScores {
  Matrix fused, structure, network;  // (n, C)
  Matrix kernels = {};               // (n, 1)
  Matrix profile = {};               // (n, C) mean_evidence() of LabelProfiles
  Matrix node_mean = {};             // (n, C) mean_evidence() of node_means()
};

/// (n, C) log-odds of mean labels less those of all pairs' mean (C), which says
/// nothing of the nodes; labels are kept 1e-4 away from 0 and 1.
[[nodiscard]] Matrix mean_evidence(const Matrix& label,
                                   const std::vector<float>& mean);

/// How scales are added up.
struct ScaleFusion {
  /// Of fused, structure, network, kernels, profiles and node means, for a pair
  /// with 0, 1 or 2 unseen nodes; the same for all labels.
  StackWeights weights;
  /// (C) added to the log-odds of each of several labels, for a pair with 0, 1
  /// or 2 unseen nodes; empty: nothing.
  std::array<std::vector<double>, 3> level = {};
};

/// Learned on validation pairs: fit_stack() for labels; non-negative least
/// squares, shrunk towards `start` by a ridge of kFusionStrength pairs, for
/// affinities. Several labels have levels in place of constants. Those of pairs
/// with a number of unseen nodes that kLeastLevelPairs validation pairs have
/// bring all labels together kLevelShare of the way from the scales' own mean
/// probability to the share of these validation pairs; to that comes, for each
/// label, kLevelShare of what it differs from the others in all of them. Others
/// have the level at which scales that say the usual share of a label leave it
/// there: never that of pairs with more or fewer unseen nodes.
///
/// is_joint  whether the start is the fused score alone; else the sum of the
///           scales' log-odds, or the mean of their affinities. Log-odds of a
///           binary label are those of a line through the validation part
///           (Platt scaling), since networks that learned few pairs are too
///           sure. Profiles and node means start at 0. Pairs with a number of
///           unseen nodes of which validation has fewer than kLeastLevelPairs
///           binary labels, or of one class, have the start's mean, each scale
///           as sure as it is or as its line; so have all but the most frequent
///           kind as start. None of these if no kind has enough.
/// usual     (C) mean labels of the training pairs, not read for affinities
[[nodiscard]] ScaleFusion fit_fusion(const std::string& task, bool is_joint,
                                     const ScaleScores& scores,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen,
                                     const std::vector<float>& usual);
inline constexpr double kFusionStrength = 20.0;
inline constexpr double kLevelShare = 0.5;
inline constexpr std::size_t kLeastLevelPairs = 20;

/// Log-odds of a share, which is kept 1e-4 away from 0 and 1.
[[nodiscard]] double share_log_odds(double share);

/// The line of fit_calibration() through all scores alike. If all labels are
/// the same it has slope 1 and the log-odds of `usual`, the share of ones among
/// the training pairs, at a score of 0.
[[nodiscard]] Calibration fit_label_line(const std::vector<double>& score,
                                         const std::vector<float>& label,
                                         double usual);

/// (n, C) the weighted sums and levels.
[[nodiscard]] Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores,
                          const std::vector<int>& n_unseen);

/// The x to add to `logit` (n, C) of a label c, for which the sum of all
/// probabilities is the number of ones; a ridge of one pair keeps it finite.
[[nodiscard]] std::vector<double> level_shifts(const Matrix& logit,
                                               const Matrix& label);

}  // namespace musl
