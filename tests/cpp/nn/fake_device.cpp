// A backend of LibTorch that stands for a GPU in tests. The address of a tensor
// lies in a range that nobody may read, its numbers at the same place of
// another range, which only this file reaches: a host that reads a device's
// tensor ends the test. Kernels are those of the CPU, run on the numbers in
// place. New memory is full of NaN, tensors of two devices do not mix, and
// everything that costs time on a GPU is counted.
//
// LibTorch moves modules only to devices that it knows by name: the fake is an
// XPU.

#include "fake_device.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace musl::test {
namespace {

using at::Tensor;
using c10::IValue;
using c10::OperatorHandle;
using torch::jit::Stack;

constexpr auto kType = c10::DeviceType::XPU;
constexpr auto kKey = c10::DispatchKey::XPU;
const c10::Device kDevice(kType, 0);

struct Counters {
  std::atomic<std::int64_t> kernels{0}, copies_up{0}, copies_down{0}, waits{0},
      allocations{0};
};

Counters& counters() {
  static Counters all;
  return all;
}

// Memory ----------------------------------------------------------------------

[[noreturn]] void refuse(const std::string& wording) {
  if (wording == "OutOfMemory") {
    TORCH_CHECK_WITH(OutOfMemoryError, false,
                     "CUDA out of memory. Tried to allocate 2.00 GiB.");
  }
  TORCH_CHECK(false, wording);
  std::abort();
}

/// Addresses [base, base + kRange) of tensors, and their numbers in the shadow.
class Memory {
 public:
  static constexpr std::size_t kRange = std::size_t{1} << 36;
  static constexpr std::size_t kGrain = 512;

  Memory() : base_(map(PROT_NONE)), shadow_(map(PROT_READ | PROT_WRITE)) {}

  void* take(std::size_t n);
  void give_back(void* at);
  [[nodiscard]] bool owns(const void* at) const {
    return at >= base_ && at < base_ + kRange;
  }
  [[nodiscard]] char* numbers(const void* at) const {
    return at == nullptr ? nullptr
                         : shadow_ + (static_cast<const char*>(at) - base_);
  }

  void limit(std::int64_t room, const std::string& wording) {
    const std::lock_guard<std::mutex> lock(mutex_);
    most_ = room < 0 ? std::numeric_limits<std::size_t>::max()
                     : in_use_ + static_cast<std::size_t>(room);
    wording_ = wording;
    refusals = 0;
  }
  std::atomic<std::int64_t> refusals{0};

 private:
  static char* map(int protection) {
    void* at = mmap(nullptr, kRange, protection,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    TORCH_CHECK(at != MAP_FAILED, "The fake device has no addresses.");
    return static_cast<char*>(at);
  }

  char* base_;
  char* shadow_;
  std::mutex mutex_;
  std::multimap<std::size_t, std::size_t> free_;  // size, place
  std::map<std::size_t, std::size_t> taken_;      // place, size
  std::size_t end_ = 0, in_use_ = 0;
  std::size_t most_ = std::numeric_limits<std::size_t>::max();
  std::string wording_;
};

void* Memory::take(std::size_t n) {
  if (n == 0) return nullptr;
  n = (n + kGrain - 1) / kGrain * kGrain;
  std::size_t place = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (in_use_ + n > most_) {
      ++refusals;
      refuse(wording_);
    }
    const auto found = free_.lower_bound(n);
    if (found != free_.end() && found->first <= 2 * n) {
      std::tie(n, place) = *found;
      free_.erase(found);
    } else {
      place = end_;
      end_ += n;
      TORCH_CHECK(end_ <= kRange, "The fake device's addresses are used up.");
    }
    taken_[place] = n;
    in_use_ += n;
  }
  ++counters().allocations;
  std::memset(shadow_ + place, 0xff, n);  // NaN, or -1
  return base_ + place;
}

void Memory::give_back(void* at) {
  const auto place =
      static_cast<std::size_t>(static_cast<const char*>(at) - base_);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = taken_.find(place);
  in_use_ -= found->second;
  free_.emplace(found->second, place);
  taken_.erase(found);
}

// Never destroyed: tensors of static storage outlive it otherwise.
Memory& memory() {
  static Memory* const all = new Memory;
  return *all;
}

struct FakeAllocator final : c10::Allocator {
  static c10::DataPtr make(std::size_t n) {
    void* at = memory().take(n);
    return {at, at, &give_back, kDevice};
  }
  static void give_back(void* at) {
    if (at != nullptr) memory().give_back(at);
  }
#if TORCH_VERSION_MAJOR > 2 || \
    (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(std::size_t n) override { return make(n); }
#else
  c10::DataPtr allocate(std::size_t n) const override { return make(n); }
#endif
#if TORCH_VERSION_MAJOR > 2 || \
    (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
  void copy_data(void* to, const void* from, std::size_t n) const override {
    std::memcpy(memory().numbers(to), memory().numbers(from), n);
  }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
};

c10::Allocator* allocator() {
  static FakeAllocator* const only = new FakeAllocator;
  return only;
}

// The device ------------------------------------------------------------------

/// One device with one stream.
struct FakeGuard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kType; }
  c10::Device exchangeDevice(c10::Device) const override { return kDevice; }
  c10::Device getDevice() const override { return kDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, kDevice);
  }
  c10::Stream exchangeStream(c10::Stream now) const noexcept override {
    return now;
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
};

C10_REGISTER_GUARD_IMPL(XPU, FakeGuard);

bool is_here(const Tensor& x) {
  return x.defined() && x.device().type() == kType;
}

/// A tensor of the CPU over the numbers of `x`, which must outlive it.
Tensor numbers_of(const Tensor& x) {
  const c10::Storage& own = x.storage();
  c10::Storage storage(c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), own.nbytes(),
      c10::DataPtr(memory().numbers(own.data()), c10::kCPU),
      c10::GetCPUAllocator(), /*resizable=*/true));
  Tensor alias = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::CPU),
      x.dtype());
  auto* impl = alias.unsafeGetTensorImpl();
  impl->set_sizes_and_strides(x.sizes(), x.strides(), x.storage_offset());
  if (x.unsafeGetTensorImpl()->is_wrapped_number()) {
    impl->set_wrapped_number(true);
  }
  return alias;
}

Tensor make_strided(at::IntArrayRef size, at::IntArrayRef stride,
                    at::ScalarType type) {
  return Tensor(at::detail::empty_strided_generic(
      size, stride, allocator(), c10::DispatchKeySet(kKey), type));
}

/// A new tensor of the device with the numbers of one of the CPU.
Tensor moved(const Tensor& host) {
  const Tensor from =
      host.is_non_overlapping_and_dense() ? host : host.contiguous();
  Tensor to = make_strided(from.sizes(), from.strides(), from.scalar_type());
  if (to.numel() > 0) numbers_of(to).copy_(from);
  return to;
}

// Kernels ---------------------------------------------------------------------

/// What a kernel reads and writes: tensors of the device and their numbers.
class Operands {
 public:
  [[nodiscard]] IValue to_host(const IValue& value);
  [[nodiscard]] IValue to_device(const IValue& value);
  /// Gives the device's tensors the sizes that the kernel gave their numbers.
  void follow();
  void check_mixed() const;
  [[nodiscard]] bool made_view() const { return made_view_; }

 private:
  Tensor host(const Tensor& x);
  Tensor device(const Tensor& x);

  std::vector<std::pair<Tensor, Tensor>> known_;  // of the device, its numbers
  bool has_host_ = false, made_view_ = false;
};

Tensor Operands::host(const Tensor& x) {
  if (!is_here(x)) {
    has_host_ = has_host_ || (x.defined() && x.dim() > 0);
    return x;
  }
  known_.emplace_back(x, numbers_of(x));
  return known_.back().second;
}

IValue Operands::to_host(const IValue& value) {
  if (value.isTensor()) return host(value.toTensor());
  if (value.isTensorList()) {
    c10::List<Tensor> list;
    for (const Tensor& x : value.toTensorVector()) list.push_back(host(x));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<c10::optional<Tensor>> list;
    for (const c10::optional<Tensor>& x : value.toOptionalTensorVector()) {
      list.push_back(x ? c10::optional<Tensor>(host(*x)) : x);
    }
    return list;
  }
  if (value.isDevice()) return c10::Device(c10::kCPU);
  return value;
}

/// In the words of CUDA. A number may lie anywhere.
void Operands::check_mixed() const {
  TORCH_CHECK(known_.empty() || !has_host_,
              "Expected all tensors to be on the same device, but found at "
              "least two devices, cuda:0 and cpu!");
}

Tensor Operands::device(const Tensor& x) {
  if (!x.defined()) return x;
  for (const auto& [own, numbers] : known_) {
    if (x.is_same(numbers)) return own;
  }
  for (const auto& [own, numbers] : known_) {
    const void* at = x.storage().data();
    if (at == nullptr || at != numbers.storage().data()) continue;
    made_view_ = true;
    Tensor view = at::detail::make_tensor<c10::TensorImpl>(
        c10::TensorImpl::VIEW, c10::Storage(own.storage()), own.key_set(),
        x.dtype());
    view.unsafeGetTensorImpl()->set_sizes_and_strides(x.sizes(), x.strides(),
                                                      x.storage_offset());
    return view;
  }
  return moved(x);
}

IValue Operands::to_device(const IValue& value) {
  if (value.isTensor()) return device(value.toTensor());
  if (!value.isTensorList()) return value;
  c10::List<Tensor> list;
  for (const Tensor& x : value.toTensorVector()) list.push_back(device(x));
  return list;
}

void Operands::follow() {
  for (const auto& [own, numbers] : known_) {
    auto* impl = own.unsafeGetTensorImpl();
    if (numbers.storage().data() != memory().numbers(own.storage().data())) {
      const Tensor grown = moved(numbers);
      impl->set_storage_keep_dtype(grown.storage());
      impl->set_sizes_and_strides(grown.sizes(), grown.strides());
    } else if (own.sizes() != numbers.sizes() ||
               own.strides() != numbers.strides()) {
      impl->set_sizes_and_strides(numbers.sizes(), numbers.strides(),
                                  numbers.storage_offset());
    }
  }
}

/// Kernels whose result has a size that the host must learn.
bool makes_host_wait(const std::string& name) {
  static const std::set<std::string> all = {
      "aten::nonzero", "aten::masked_select", "aten::equal", "aten::_unique2"};
  return all.count(name) > 0;
}

/// Runs `kernel` on the arguments of `called` that lie on the stack.
void run_as(const OperatorHandle& called, const OperatorHandle& kernel,
            Stack* stack) {
  const at::AutoDispatchBelowADInplaceOrView below;
  Operands operands;
  const auto n_given = kernel.schema().arguments().size();
  for (auto i = stack->size() - n_given; i < stack->size(); ++i) {
    (*stack)[i] = operands.to_host((*stack)[i]);
  }
  operands.check_mixed();
  kernel.callBoxed(stack);
  operands.follow();
  const auto n_made = called.schema().returns().size();
  for (auto i = stack->size() - n_made; i < stack->size(); ++i) {
    (*stack)[i] = operands.to_device((*stack)[i]);
  }
  if (operands.made_view()) return;
  ++counters().kernels;
  if (makes_host_wait(called.schema().name())) ++counters().waits;
}

void run(const OperatorHandle& op, Stack* stack) { run_as(op, op, stack); }

OperatorHandle operator_named(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
}

void run_convolution(const OperatorHandle& op, Stack* stack) {
  run_as(op, operator_named("aten::convolution"), stack);
}

/// convolution_backward() also wants the size of the bias, behind the weight.
void run_convolution_backward(const OperatorHandle& op, Stack* stack) {
  constexpr int kBehindWeight = 3;
  const auto first = stack->size() - op.schema().arguments().size();
  const Tensor weight = (*stack)[first + 2].toTensor();
  stack->insert(
      stack->begin() + static_cast<std::ptrdiff_t>(first) + kBehindWeight,
      IValue(std::vector<std::int64_t>{weight.size(0)}));
  run_as(op, operator_named("aten::convolution_backward"), stack);
}

Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type,
             c10::optional<at::Layout>, c10::optional<at::Device>,
             c10::optional<bool>, c10::optional<at::MemoryFormat> format) {
  return Tensor(at::detail::empty_generic(size, allocator(),
                                          c10::DispatchKeySet(kKey),
                                          c10::dtype_or_default(type), format));
}

Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                     c10::optional<at::ScalarType> type,
                     c10::optional<at::Layout>, c10::optional<at::Device>,
                     c10::optional<bool>) {
  return make_strided(size, stride, c10::dtype_or_default(type));
}

const Tensor& resize(const Tensor& self, at::IntArrayRef size,
                     c10::optional<at::MemoryFormat>) {
  const Tensor fresh =
      make_strided(size, c10::contiguous_strides(size), self.scalar_type());
  const auto n = std::min(self.numel(), fresh.numel());
  if (n > 0) {
    numbers_of(fresh).flatten().narrow(0, 0, n).copy_(
        numbers_of(self).flatten().narrow(0, 0, n));
  }
  auto* impl = self.unsafeGetTensorImpl();
  impl->set_storage_keep_dtype(fresh.storage());
  impl->set_sizes_contiguous(size);
  return self;
}

Tensor& copy(Tensor& to, const Tensor& from, bool non_blocking) {
  const at::AutoDispatchBelowADInplaceOrView below;
  Tensor target = is_here(to) ? numbers_of(to) : to;
  target.copy_(is_here(from) ? numbers_of(from) : from);
  Counters& count = counters();
  if (is_here(from) && is_here(to)) {
    ++count.kernels;
    return to;
  }
  ++(is_here(to) ? count.copies_up : count.copies_down);
  if (!non_blocking) ++count.waits;
  return to;
}

at::Scalar read_number(const Tensor& self) {
  ++counters().copies_down;
  ++counters().waits;
  return at::_local_scalar_dense(numbers_of(self));
}

TORCH_LIBRARY_IMPL(_, XPU, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&run>());
}

TORCH_LIBRARY_IMPL(aten, XPU, m) {
  m.impl("empty.memory_format", TORCH_FN(empty));
  m.impl("empty_strided", TORCH_FN(empty_strided));
  m.impl("resize_", TORCH_FN(resize));
  m.impl("copy_", TORCH_FN(copy));
  m.impl("_local_scalar_dense", TORCH_FN(read_number));
  // One kernel, as on a GPU; other devices compose them of several.
  for (const char* name :
       {"native_layer_norm", "native_group_norm", "_foreach_add.List",
        "_foreach_add_.List", "_foreach_add_.Scalar",
        "_foreach_addcdiv_.Scalar", "_foreach_addcmul_.Scalar",
        "_foreach_div_.Scalar", "_foreach_mul_.Scalar", "_foreach_sqrt"}) {
    m.impl(name, torch::CppFunction::makeFromBoxedFunction<&run>());
  }
  m.impl("convolution_overrideable",
         torch::CppFunction::makeFromBoxedFunction<&run_convolution>());
  m.impl(
      "convolution_backward_overrideable",
      torch::CppFunction::makeFromBoxedFunction<&run_convolution_backward>());
}

int one() { return 1; }

at::Generator make_generator(c10::Device) {
  return at::detail::createCPUGenerator();
}

/// In the tests that run where MUSL_TEST_DEVICE says.
const struct Served {
  Served() {
    const char* device = std::getenv("MUSL_TEST_DEVICE");
    if (device != nullptr && std::string(device) == "fake") new FakeDevice;
  }
} kServed;

}  // namespace

DeviceCounts device_counts() {
  const Counters& now = counters();
  return {now.kernels, now.copies_up, now.copies_down, now.waits,
          now.allocations};
}

void clear_device_counts() {
  Counters& now = counters();
  for (auto* count : {&now.kernels, &now.copies_up, &now.copies_down,
                      &now.waits, &now.allocations}) {
    *count = 0;
  }
}

FakeDevice::FakeDevice()
    : before_(nn::set_accelerator({kType, one, make_generator})) {}

FakeDevice::~FakeDevice() { nn::set_accelerator(before_); }

ShortDevice::ShortDevice(std::int64_t room, std::string wording) {
  memory().limit(room, wording);
}

ShortDevice::~ShortDevice() { memory().limit(-1, ""); }

std::int64_t ShortDevice::refusals() { return memory().refusals; }

}  // namespace musl::test
