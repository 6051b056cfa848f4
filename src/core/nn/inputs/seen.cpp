#include "nn/inputs/pair_input.h"

namespace musl::nn {
namespace {

class Seen : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return "seen"; }
  [[nodiscard]] InputText text() const override {
    return {"2 columns, one a gene",
            "1 if a known pair has the gene; training hides it at random"};
  }
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
