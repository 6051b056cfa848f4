#pragma once

#include "nn/infer/predictor.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Scores pairs, each process its share of them; all get all of it, to the same
/// bits. Of the prediction, `score` and (on request) `logits` are filled. As
/// Predictor::score where `exchange` is null.
///
/// An interrupt of one process is a CancelledError of all.
[[nodiscard]] Prediction score_together(const Predictor& predictor,
                                        const PairSet& pairs,
                                        const ScoreRequest& request,
                                        GradientExchange* exchange);

}  // namespace musl::nn
