#include "failing_memory.h"

#include <dlfcn.h>
#include <execinfo.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>
#include <string_view>

extern "C" {
// The linker leads malloc() and its kin of what it links here (--wrap).
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t n, std::size_t size);
void __real_free(void* block);
void* __real_realloc(void* block, std::size_t size);
}

namespace musl::test {
namespace {

constexpr int kFrames = 10;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
std::atomic<std::int64_t> live{0};
std::atomic<std::int64_t> counted{0};
std::atomic<std::int64_t> first_refused{kNever};
std::atomic<std::int64_t> last_refused{0};

/// The destructor of nlohmann's json takes memory, so that no program can
/// survive a refusal there.
bool in_json_destructor() {
  void* frames[kFrames];
  const int n = ::backtrace(frames, kFrames);
  for (int i = 0; i < n; ++i) {
    Dl_info info{};
    if (::dladdr(frames[i], &info) == 0 || info.dli_sname == nullptr) continue;
    const std::string_view name = info.dli_sname;
    if (name.find("json_value7destroy") != name.npos) return true;
  }
  return false;
}

bool refused() {
  const std::int64_t k = counted.fetch_add(1) + 1;
  if (k < first_refused.load() || k > last_refused.load()) return false;
  return !in_json_destructor();
}

void* taken(void* block) {
  if (block != nullptr) ++live;
  return block;
}

void* take(std::size_t size) {
  if (refused()) return nullptr;
  return taken(__real_malloc(size == 0 ? 1 : size));
}

void* take_aligned(std::size_t size, std::align_val_t alignment) {
  if (refused()) return nullptr;
  const auto step = static_cast<std::size_t>(alignment);
  return taken(std::aligned_alloc(step, (size + step - 1) / step * step));
}

void give_back(void* block) {
  if (block == nullptr) return;
  --live;
  __real_free(block);
}

void* or_throw(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

std::int64_t live_blocks() { return live; }

void start_counting(std::int64_t k, Shortage shortage) {
  (void)in_json_destructor();  // backtrace() takes memory when first called
  counted = 0;
  last_refused = shortage == Shortage::one ? k : kNever - 1;
  first_refused = k == 0 ? kNever : k;
}

std::int64_t stop_counting() {
  first_refused = kNever;
  return counted;
}

}  // namespace musl::test

using musl::test::give_back;
using musl::test::or_throw;
using musl::test::refused;
using musl::test::take;
using musl::test::take_aligned;
using musl::test::taken;

extern "C" void* __wrap_malloc(std::size_t size) { return take(size); }
extern "C" void __wrap_free(void* block) { give_back(block); }
extern "C" void* __wrap_calloc(std::size_t n, std::size_t size) {
  return refused() ? nullptr : taken(__real_calloc(n, size));
}
extern "C" void* __wrap_realloc(void* block, std::size_t size) {
  if (block == nullptr) return take(size);
  return refused() ? nullptr : __real_realloc(block, size);
}

void* operator new(std::size_t size) { return or_throw(take(size)); }
void* operator new[](std::size_t size) { return or_throw(take(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_throw(take_aligned(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return or_throw(take_aligned(size, alignment));
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete[](void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  give_back(block);
}
