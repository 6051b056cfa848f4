#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/text_file.h"

namespace musl {

/// STRING's prior probability that two proteins are associated.
inline constexpr double kStringPrior = 0.041;

/// STRING's combined score, 0 to 1, from the scores of its channels.
///
/// Each channel s is corrected for the prior p, s' = (s - p) / (1 - p), at
/// least 0; channels combine as 1 - prod(1 - s'), and the prior is added back
/// once. The channels marked in `dampened` are multiplied by 1 - homology.
/// Source: combine_subscores.py of STRING; von Mering et al. 2005.
[[nodiscard]] double combine_string_scores(const std::vector<double>& scores,
                                           const std::vector<bool>& dampened,
                                           double homology);

/// The value of these scores that means 1: STRING writes whole thousandths,
/// tables made from it often fractions. 1000 if the largest is above 1 and at
/// most 1000, else 1.
[[nodiscard]] double string_points(const std::vector<double>& scores);

/// Which columns of a file of links to read, 0-based, and which links to keep.
struct StringRequest {
  std::vector<int> ends;
  /// Without channels, only the column of the combined score; else those of the
  /// channels to combine, followed by the homology column if there is one.
  std::vector<int> scores;
  std::vector<std::string> channels;  // co-occurrence and text mining: dampened
  double points = 1000;               // that make a score of 1
  double min = 0;                     // of the score, on the scale 0 to 1
  double missing = 0;                 // stored for a missing number
};

struct StringLinks {
  std::vector<std::int32_t> from, to;  // 0-based into `name`
  std::vector<std::string> name;
  std::vector<double> score;  // as read; the caller reports invalid scores
  std::int64_t n_below = 0;   // links below `min`
  /// Links without evidence in any of the channels: the papers or experiments
  /// that a channel leaves out must not decide which links there are.
  std::int64_t n_without = 0;
};

/// Reads the file once, in parallel. FormatError as in read_columns().
[[nodiscard]] StringLinks read_string_links(
    TextFile* file, const StringRequest& request, int threads,
    const std::function<bool()>& tick = {});

}  // namespace musl
