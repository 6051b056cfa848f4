// A backend without LibTorch, opened by test_backend.cpp: it fails as asked.
#include <stdexcept>

#include "model/backend_stamp.h"
#include "musl/backend.h"
#include "musl/error.h"

namespace {

using namespace musl;

[[noreturn]] void fail(const std::string& kind) {
  if (kind == "input") throw InputError(kind);
  if (kind == "gene") throw GeneError(kind);
  if (kind == "shape") throw ShapeError(kind);
  if (kind == "leakage") throw LeakageError(kind);
  if (kind == "device") throw DeviceError(kind);
  if (kind == "backend") throw BackendError(kind);
  if (kind == "diverged") throw DivergedError(kind);
  if (kind == "cancelled") throw CancelledError(kind);
  if (kind == "format") throw FormatError(kind);
  if (kind == "internal") throw InternalError(kind);
  throw std::out_of_range(kind);
}

class FakeBackend final : public Backend {
 public:
  [[nodiscard]] DeviceInfo device_info() const override {
    DeviceInfo info;
    info.libtorch_version = "none";
    return info;
  }
  [[nodiscard]] std::string resolve_device(
      const std::string& name) const override {
    fail(name);
  }
  [[nodiscard]] FitResult fit(const ArchitectureConfig&, const ControlConfig&,
                              Dataset, const std::vector<TrainingPart>&,
                              const Model*, const EventSink&) const override {
    fail("diverged");
  }
  [[nodiscard]] Archive fit_member(const ArchitectureConfig&,
                                   const ControlConfig&, Dataset,
                                   const std::vector<TrainingPart>&, int,
                                   const Model*,
                                   const EventSink&) const override {
    fail("diverged");
  }
  [[nodiscard]] FitResult join_members(const ArchitectureConfig&,
                                       const ControlConfig&, Dataset,
                                       const std::vector<TrainingPart>&,
                                       const std::vector<Archive>&,
                                       const Model*) const override {
    fail("format");
  }
  [[nodiscard]] std::shared_ptr<const Networks> read_networks(
      const Archive&, int, const ModelState&) const override {
    fail("format");
  }
  [[nodiscard]] std::vector<EncoderReads> encoder_list() const override {
    fail("format");
  }
  [[nodiscard]] std::shared_ptr<const StudentNet> train_student(
      const StudentFeatures&, const PairSet&, const std::vector<double>&,
      std::uint64_t, int, const PairScorer::Tick&) const override {
    fail("cancelled");
  }
  [[nodiscard]] std::shared_ptr<const StudentNet> read_student(
      const Archive&, const StudentFeatures&) const override {
    fail("format");
  }
  [[nodiscard]] NeuralNet train_neural(
      const NeuralTraining&, std::uint64_t,
      const std::function<bool()>&) const override {
    fail("cancelled");
  }
  [[nodiscard]] ProteinEmbeddings embed_proteins(
      const Esm2Folder&, const std::vector<std::string>&, const EmbedOptions&,
      const EventSink&) const override {
    fail("device");
  }
  [[nodiscard]] InteractionFit fit_interactions(
      const InteractionConfig&, const ControlConfig&, int,
      const InteractionData&, const EventSink&) const override {
    fail("diverged");
  }
  [[nodiscard]] std::shared_ptr<const InteractionModel> read_interactions(
      const Archive&) const override {
    fail("format");
  }
  [[nodiscard]] SiteFit fit_sites(const SiteConfig&, const ControlConfig&, int,
                                  const SiteData&,
                                  const EventSink&) const override {
    fail("diverged");
  }
  [[nodiscard]] std::shared_ptr<const SiteModel> read_sites(
      const Archive&) const override {
    fail("format");
  }
};

}  // namespace

extern "C" {

extern const char musl_backend_stamp[];
const char musl_backend_stamp[] = MUSL_BACKEND_MARK MUSL_BACKEND_STAMP;

const musl::Backend* musl_backend() {
  static const FakeBackend the_backend;
  return &the_backend;
}

}  // extern "C"
