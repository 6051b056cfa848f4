#include "nn/base/tensor.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/os.h"
#include "nn/base/device.h"

namespace musl::nn {

namespace {

/// Sets the threads of the BLAS in this process, unless 0; returns those
/// before, 0 without a BLAS that can tell. Looked up each time: R may have
/// loaded another.
int exchange_blas_threads(int threads) {
  constexpr const char* kNames[][2] = {
      {"openblas_get_num_threads", "openblas_set_num_threads"},
      {"MKL_Get_Max_Threads", "MKL_Set_Num_Threads"}};
  for (const auto& name : kNames) {
    void* get = os::find_function(nullptr, name[0]);
    void* set = os::find_function(nullptr, name[1]);
    if (get == nullptr || set == nullptr) continue;
    const int before = reinterpret_cast<int (*)()>(get)();
    if (threads > 0) reinterpret_cast<void (*)(int)>(set)(threads);
    return before;
  }
  // macOS's Accelerate, from version 15 on, knows one thread or all.
  void* get = os::find_function(nullptr, "BLASGetThreading");
  void* set = os::find_function(nullptr, "BLASSetThreading");
  if (get == nullptr || set == nullptr) return 0;
  constexpr unsigned kAll = 0, kOne = 1;
  const bool one = reinterpret_cast<unsigned (*)()>(get)() == kOne;
  if (threads > 0) {
    reinterpret_cast<int (*)(unsigned)>(set)(threads == 1 ? kOne : kAll);
  }
  return one ? 1 : available_threads();
}

}  // namespace

ChunkRng::ChunkRng(std::uint64_t seed) : rng_(seed) {}

Tensor ChunkRng::bernoulli(const Tensor& like, double keep, float set) {
  // Copies from the CPU would take as long as the rest of a step.
  if (!like.is_cpu()) return from_pool(like, std::clamp(keep, 0.0, 1.0), set);
  // One word of the generator gives two entries.
  constexpr double kHalfWord = 4294967296.0;  // 2^32
  const auto limit = static_cast<std::uint64_t>(
      std::llround(std::clamp(keep, 0.0, 1.0) * kHalfWord));
  auto mask = torch::empty(like.sizes(), torch::TensorOptions(torch::kFloat));
  auto* value = mask.data_ptr<float>();
  const auto size = mask.numel();
  // Chosen from a table: a branch would often be mispredicted.
  const float choice[] = {0.0F, set};
  for (std::int64_t i = 0; i + 1 < size; i += 2) {
    const auto word = rng_.bits();
    value[i] = choice[(word >> 32) < limit];
    value[i + 1] = choice[(word & 0xFFFFFFFFU) < limit];
  }
  if (size % 2 != 0) value[size - 1] = choice[(rng_.bits() >> 32) < limit];
  return mask.to(like.options());
}

void ChunkRng::draw(std::int64_t n, const Tensor& like, Pool* pool) {
  constexpr std::int64_t kFirst = 1 << 16;
  if (!of_gpu_.defined()) of_gpu_ = generator_of(like.device());
  of_gpu_.set_current_seed(rng_.bits());
  const std::int64_t size = 2 * std::max(n, pool->values.numel());
  pool->values = torch::empty({std::max(size, kFirst)}, like.options())
                     .bernoulli_(pool->keep, of_gpu_);
  if (pool->set != 1.0F) pool->values.mul_(pool->set);
  pool->used = 0;
}

/// The start of a kernel takes a GPU longer than its numbers.
Tensor ChunkRng::from_pool(const Tensor& like, double keep, float set) {
  const torch::NoGradGuard no_grad;
  auto pool = std::find_if(pools_.begin(), pools_.end(), [&](const Pool& x) {
    return x.keep == keep && x.set == set && x.values.dtype() == like.dtype();
  });
  if (pool == pools_.end()) {
    pool = pools_.insert(pool,
                         Pool{keep, set, torch::empty({0}, like.options()), 0});
  }
  const std::int64_t n = like.numel();
  if (pool->used + n > pool->values.numel()) draw(n, like, &*pool);
  const Tensor mask = pool->values.narrow(0, pool->used, n).view(like.sizes());
  pool->used += aligned(n);
  return mask;
}

Tensor dropout(const Tensor& x, double p, ChunkRng* rng) {
  if (rng == nullptr || p <= 0.0) return x;
  if (p >= 1.0) return x * 0.0;
  return x * rng->bernoulli(x, 1.0 - p, 1.0F / static_cast<float>(1.0 - p));
}

Tensor relu_dropout(const Tensor& x, double p, ChunkRng* rng) {
  if (rng == nullptr || p <= 0.0 || p >= 1.0) {
    return dropout(torch::relu(x), p, rng);
  }
  const Tensor mask =
      rng->bernoulli(x, 1.0 - p, 1.0F / static_cast<float>(1.0 - p));
  return x * torch::threshold_backward(mask, x.detach(), 0);
}

Tensor host_buffer(at::IntArrayRef sizes, at::ScalarType type,
                   const torch::Device& device) {
  return torch::empty(
      sizes, torch::TensorOptions(type).pinned_memory(device.is_cuda()));
}

Numbers count_from(std::int64_t first, std::int64_t n) {
  Numbers numbers(at(n));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

std::vector<Tensor> numbers_on(const std::vector<Numbers>& lists,
                               const torch::Device& device) {
  std::int64_t n = 0;
  for (const Numbers& list : lists) n += size_of(list);
  Tensor all = host_buffer({n}, torch::kInt64, device);
  auto* to = all.data_ptr<std::int64_t>();
  for (const Numbers& list : lists)
    to = std::copy(list.begin(), list.end(), to);
  all = all.to(device, /*non_blocking=*/true);
  std::vector<Tensor> parts;
  std::int64_t first = 0;
  for (const Numbers& list : lists) {
    parts.push_back(all.narrow(0, first, size_of(list)));
    first += parts.back().size(0);
  }
  return parts;
}

Tensor only_present(const Tensor& x, const Tensor& mask) {
  auto shape = mask.sizes().vec();
  shape.resize(at(x.dim()), 1);
  const Tensor rows = mask.reshape(shape);
  // A product is two kernels fewer, but has zeros of either sign.
  return x.is_cpu() ? x.masked_fill(rows == 0, 0.0) : x * rows;
}

Tensor to_tensor(const Matrix& matrix) {
  auto tensor = torch::empty({matrix.rows(), matrix.cols()}, torch::kFloat);
  if (matrix.size() > 0) {
    std::memcpy(tensor.data_ptr<float>(), matrix.data(),
                at(matrix.size()) * sizeof(float));
  }
  return tensor;
}

Matrix to_matrix(const Tensor& tensor) {
  const auto cpu = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  Matrix matrix(cpu.size(0), cpu.size(1));
  if (matrix.size() > 0) {
    std::memcpy(matrix.data(), cpu.data_ptr<float>(),
                at(matrix.size()) * sizeof(float));
  }
  return matrix;
}

SingleThreadGuard::SingleThreadGuard()
    : torch_threads_(at::get_num_threads()),
      blas_threads_(exchange_blas_threads(1)) {
  at::set_num_threads(1);
}

SingleThreadGuard::~SingleThreadGuard() {
  at::set_num_threads(torch_threads_);
  exchange_blas_threads(blas_threads_);
}

// The query suffices: LibTorch sets up a thread at its first query.
void adopt_thread_limit() { static_cast<void>(at::get_num_threads()); }

const Tensor& PairBatch::at(const std::string& name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    throw InternalError("A chunk of pairs lacks the tensor \"" + name +
                        "\". This is a defect of MuSL; please report it.");
  }
  return found->second;
}

const InputSizes::Shape& InputSizes::of(const std::string& input) const {
  static const Shape none;
  const auto found = shapes_.find(input);
  return found == shapes_.end() ? none : found->second;
}

std::int64_t InputSizes::values(const std::string& input) const {
  const Shape& shape = of(input);
  if (shape.empty()) return 0;
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

std::int64_t InputSizes::columns(const std::string& input) const {
  const Shape& shape = of(input);
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{0});
}

void InputSizes::set(const std::string& input, Shape shape) {
  shapes_[input] = std::move(shape);
}

}  // namespace musl::nn
