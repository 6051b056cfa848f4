#pragma once

#include <array>
#include <string>
#include <vector>

#include "judge/calibration.h"
#include "judge/stacking.h"

namespace musl {

/// Scores of the scales of a network.
///
/// fused is 0 if no network fused the two scales; the others are empty if there
/// are none.
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
  /// Of fused, structure, network, kernels, profiles, node means and links, as
  /// many as there are, for a pair with 0, 1 or 2 unseen nodes. What is fitted
  /// is the same for all three; files of older models may differ.
  StackWeights weights;
  /// (C) added to the log-odds of each label, for a pair with 0, 1 or 2 unseen
  /// nodes; empty: nothing.
  std::array<std::vector<double>, 3> level = {};
};

/// Adds up the scales that learn (the fused one, or structure and network, and
/// kernels) by non-negative regression on the validation pairs, with a ridge as
/// of kFusionStrength pairs towards its start.
///
/// Affinities: least squares with a constant; starts from the scales' mean.
/// Labels: logistic regression with a level for each label, of what the
/// profiles, or else the node means, say (starts at 1) and of what each scale
/// that learns says (these start at kLearnedStart together): a line through its
/// scores, with one slope and a level for each label, less the log-odds of the
/// label's share. Weights and levels are kept as far as validation pairs have
/// known nodes; pairs with new nodes may lie together, and which weights are
/// best for them says nothing of pairs elsewhere: for their share the start and
/// the log-odds of `usual` take their place.
///
/// is_joint  whether the scale that learns is the fused one
/// usual     (C) mean labels of all labelled pairs, not read for affinities
[[nodiscard]] ScaleFusion fit_fusion(const std::string& task, bool is_joint,
                                     const ScaleScores& scores,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen,
                                     const std::vector<float>& usual);
inline constexpr double kFusionStrength = 20.0;
inline constexpr double kLearnedStart = 0.4;

/// Links alone, the last of so many scales.
[[nodiscard]] ScaleFusion fusion_of_links(std::size_t n_scales,
                                          const std::vector<float>& usual);

/// Log-odds of a share, which is kept 1e-4 away from 0 and 1.
[[nodiscard]] double share_log_odds(double share);

/// The line of fit_calibration() through all scores alike. If all labels are
/// the same it has slope 1 and the log-odds of `usual`, the share of ones among
/// the training pairs, at a score of 0.
[[nodiscard]] Calibration fit_label_line(const std::vector<double>& score,
                                         const std::vector<float>& label,
                                         double usual);

/// From which probability on several labels are called. As far as validation
/// pairs have known nodes it is the mean of the best threshold there and of
/// half the micro-F1 reached with it, which is best for calibrated
/// probabilities (Lipton et al. 2014, ECML PKDD: 225). For others, which may
/// lie in a region unlike the rest, it is half that of calling the most
/// frequent labels.
[[nodiscard]] double fused_threshold(const Matrix& probability,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen,
                                     const std::vector<float>& usual);

/// (n, C) the weighted sums and levels.
[[nodiscard]] Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores,
                          const std::vector<int>& n_unseen);

}  // namespace musl
