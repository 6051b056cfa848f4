#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/events.h"
#include "base/matrix.h"
#include "io/archive.h"
#include "nn/model/start.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// A trained member of an ensemble. N judged pairs, M branches.
struct Member {
  MuslNet net{nullptr};              // on the CPU
  Matrix logits;                     // (N, 1 + M) fused, branches
  std::vector<std::uint8_t> scored;  // (N) 1 if a pair has a modality
  std::vector<int> n_unseen;         // (N) genes its training pairs lack: 0..2
  std::vector<EpochRecord> history;
  bool cancelled = false;  // interrupted: the best so far
  bool converged = true;
};

/// Trains member `member` and scores its judged pairs.
///
/// sink  of this member alone
///
/// CancelledError after an interrupt before the first epoch ended.
[[nodiscard]] Member train_member(const FitProblem& problem,
                                  const FitStart& start, std::size_t member,
                                  const EventSink& sink);

/// Converts a member to and from the archive for the process that joins the
/// members. FormatError for one of another shape.
[[nodiscard]] Archive to_archive(const Member& member);
[[nodiscard]] Member from_archive(const FitProblem& problem,
                                  const FitStart& start, std::size_t member,
                                  const Archive& archive);

}  // namespace musl::nn
