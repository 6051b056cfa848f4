#pragma once

#include <array>
#include <string>
#include <vector>

#include "musl/calibration.h"
#include "musl/interactions.h"

namespace musl {

/// Scores of the scales of a network.
///
/// fused is 0 if no network fused the two scales; kernels, profile, node_mean
/// and links are empty if there are none.
struct ScaleScores {
  Matrix fused, structure, network;  // (n, C)
  Matrix kernels = {};               // (n, 1)
  Matrix profile = {};               // (n, C) mean_evidence() of LabelProfiles
  Matrix node_mean = {};             // (n, C) mean_evidence() of node_means()
  Matrix links = {};                 // (n, C) mean_evidence() of LinkKernel
};

/// (n, C) log-odds of mean labels less those of all pairs' mean (C), which says
/// nothing of the nodes; labels are kept 1e-4 away from 0 and 1.
[[nodiscard]] Matrix mean_evidence(const Matrix& label,
                                   const std::vector<float>& mean);

/// How scales are added up.
struct ScaleFusion {
  /// Of fused, structure, network, kernels, profiles, node means and links,
  /// for a pair with 0, 1 or 2 unseen nodes; the same for all labels.
  StackWeights weights;
  /// (C) added to the log-odds of each of several labels, for a pair with 0, 1
  /// or 2 unseen nodes; empty: nothing.
  std::array<std::vector<double>, 3> level = {};
};

/// Learned on validation pairs: fit_stack() for a binary label, non-negative
/// logistic regression for several, non-negative least squares for affinities,
/// each shrunk towards its start by a ridge (of kFusionStrength pairs for
/// affinities). Several labels share weights and keep their usual shares: each
/// scale adds what it says beyond log-odds of `usual`, since how frequent
/// labels are in a validation part that lies together says nothing of others.
/// They start from half a vote each for structure and network (or one for the
/// fused score), no surer than its line, and for profiles and node means. Pairs
/// with a number of unseen nodes that fewer than kLeastLevelPairs validation
/// pairs have keep the start below. Reads no links.
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
inline constexpr std::size_t kLeastLevelPairs = 20;

/// Weights of links beside those of fit_fusion() for several labels: all if
/// their macro AUPRC on the validation part is at least that of the other
/// scales' sum, else none. Returns whether all.
///
/// links, fused  (n, C) probabilities of the validation pairs
bool weigh_links(const Matrix& links, const Matrix& fused, const Matrix& label,
                 const std::vector<float>& usual, ScaleFusion* fusion);

/// Log-odds of a share, which is kept 1e-4 away from 0 and 1.
[[nodiscard]] double share_log_odds(double share);

/// The line of fit_calibration() through all scores alike. If all labels are
/// the same it has slope 1 and the log-odds of `usual`, the share of ones among
/// the training pairs, at a score of 0.
[[nodiscard]] Calibration fit_label_line(const std::vector<double>& score,
                                         const std::vector<float>& label,
                                         double usual);

/// From which probability on several labels are called: half of a micro-F1,
/// since that is best for calibrated probabilities (Lipton et al. 2014, ECML
/// PKDD: 225). It is the largest on the validation part as far as its pairs
/// have known nodes; for the others, which may lie in a region unlike the rest,
/// it is that of calling the most frequent labels of all pairs.
[[nodiscard]] double fused_threshold(const Matrix& probability,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen,
                                     const std::vector<float>& usual);

/// (n, C) the weighted sums and levels.
[[nodiscard]] Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores,
                          const std::vector<int>& n_unseen);

}  // namespace musl
