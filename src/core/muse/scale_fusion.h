#pragma once

#include <string>
#include <vector>

#include "musl/calibration.h"
#include "musl/interactions.h"

namespace musl {

/// Scores of the scales of a network.
///
/// fused is 0 if no network fused the two scales; kernels, counts and links are
/// empty if there are none.
struct ScaleScores {
  Matrix fused, structure, network;  // (n, C)
  Matrix kernels = {};               // (n, 1)
  /// (n, C) mean_evidence() of LabelProfiles or, without, of node_means()
  Matrix counts = {};
  Matrix links = {};  // (n, C) mean_evidence() of LinkKernel
};

/// (n, C) log-odds of mean labels less those of all pairs' mean (C), which says
/// nothing of the nodes; labels are kept 1e-4 away from 0 and 1.
[[nodiscard]] Matrix mean_evidence(const Matrix& label,
                                   const std::vector<float>& mean);

/// How scales are added up.
struct ScaleFusion {
  /// By label: of fused, structure, network, kernels, counts and links, as many
  /// as there are.
  std::vector<std::vector<double>> weight;  // (C)
  std::vector<double> level;                // (C) added to the sum
};

/// The sum by non-negative regression on the validation pairs, with a ridge as
/// of kFusionStrength undecided labels, or affinities, towards its start.
///
/// Affinities: the scales that learn (the fused one, or structure and network,
/// and kernels) and a constant; they start from their mean.
/// Labels: usual log-odds, what counts say beyond these (starts at 1), and the
/// mean of what the scales that learn say (starts at kLearnedStart): log-odds
/// of a line through the validation pairs (Platt scaling), one for each scale
/// and label, less those of the label's share there; without both labels the
/// score less its mean. The logistic regression has a level for each label,
/// which is not kept: a validation part that lies together has shares of its
/// own, and more weights learned there were not best elsewhere.
///
/// is_joint  whether the scale that learns is the fused one
/// usual     (C) mean labels of the training pairs, not read for affinities
[[nodiscard]] ScaleFusion fit_fusion(const std::string& task, bool is_joint,
                                     const ScaleScores& scores,
                                     const Matrix& label,
                                     const std::vector<float>& usual);
inline constexpr double kLearnedStart = 0.4;
inline constexpr double kFusionStrength = 20.0;

/// Links alone, where there are any.
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

/// From which probability on several labels are called: half of a micro-F1,
/// since that is best for calibrated probabilities (Lipton et al. 2014, ECML
/// PKDD: 225). It is the mean of half the largest one on the validation part
/// and, as far as its pairs have known nodes, the best threshold there; for
/// others, which may lie in a region unlike the rest, half that of calling the
/// most frequent labels of all pairs.
[[nodiscard]] double fused_threshold(const Matrix& probability,
                                     const Matrix& label,
                                     const std::vector<int>& n_unseen,
                                     const std::vector<float>& usual);

/// (n, C) the weighted sums and levels.
[[nodiscard]] Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores);

}  // namespace musl
