#include "data/partners.h"

#include <algorithm>
#include <utility>

#include "nn/inputs/pair_input.h"

namespace musl::nn {

namespace {

constexpr char kPartnersInput[] = "partners";
constexpr char kPaths[] = "paths";
constexpr float kClip = 5.0f;

class Partners : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return kPartnersInput; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"pairs"};
  }

  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto columns = preprocess.pair_scaler(kPartnersInput).mean.size();
    if (columns == 0) return {};
    return {static_cast<std::int64_t>(2 * columns) + kPartnerPaths};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    PartnerScalers scalers;
    if (context.spaces != nullptr) {
      scalers = fit_partner_scalers(*context.spaces, context.training,
                                    context.data.n_genes, context.threads);
    }
    out->pair_scalers[kPartnersInput] = std::move(scalers.partners);
    out->pair_scalers[kPaths] = std::move(scalers.paths);
  }

  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    const KnownPartners& known = context.partners.known;
    return known.seen(a) || known.seen(b);
  }
  /// Features of a gene without partners remain zero, the mean.
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t /*width*/, float* out) const override {
    const auto& [known, table] = context.partners;
    const Scaler& partners = context.preprocess.pair_scaler(kPartnersInput);
    const Scaler& paths = context.preprocess.pair_scaler(kPaths);
    known.features(pairs, out);
    for (std::size_t i = 0; i < pairs.a.size(); ++i, out += known.width()) {
      const float* own = table.find(pairs.a[i], pairs.b[i]);
      if (own != nullptr) std::copy_n(own, known.width(), out);
      partners.apply(out, 2, kClip);
      paths.apply(out + std::ptrdiff_t{2} * known.columns(), 1, kClip);
    }
  }
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext& context) const override {
    return context.partners.known.feature_names();
  }
  [[nodiscard]] bool reads_partners() const override { return true; }
  void check_partners(const InputContext& context) const override {
    const KnownPartners& known = context.partners.known;
    const Preprocess& preprocess = context.preprocess;
    require_equal(known.columns(),
                  static_cast<std::int64_t>(
                      preprocess.pair_scaler(kPartnersInput).mean.size()),
                  "features of known partners");
    require_equal(
        known.width() - 2 * known.columns(),
        static_cast<std::int64_t>(preprocess.pair_scaler(kPaths).mean.size()),
        "path scores of known partners");
  }
};

[[maybe_unused]] const bool kPartnersRegistered =
    register_input(std::make_unique<Partners>());

/// Whether a known pair has either gene. Training hides it at random, see
/// hide_seen().
class Seen : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return "seen"; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"pairs"};
  }
  [[nodiscard]] Shape shape(const Dataset&, const Preprocess&) const override {
    return {2};
  }
  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext&, std::int32_t,
                             std::int32_t) const override {
    return true;
  }
  void make(const InputContext& context, const PairSet& pairs, std::int64_t,
            float* out) const override {
    const KnownPartners& known = context.partners.known;
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      *out++ = known.seen(pairs.a[i]) ? 1 : 0;
      *out++ = known.seen(pairs.b[i]) ? 1 : 0;
    }
  }
};

[[maybe_unused]] const bool kSeenRegistered =
    register_input(std::make_unique<Seen>());

}  // namespace

}  // namespace musl::nn
