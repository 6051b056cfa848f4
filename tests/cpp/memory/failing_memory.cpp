#include "failing_memory.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>
#include <string_view>

extern "C" {
// What glibc's malloc() and its kin are by another name.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void __libc_free(void* block);
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

/// The code of this program and of the package's library, in which the core is.
struct Code {
  std::array<std::uintptr_t, 16> from{};
  std::array<std::uintptr_t, 16> to{};
  std::size_t n = 0;
};

int add_code(dl_phdr_info* info, std::size_t, void* out) {
  const std::string_view name = info->dlpi_name;
  constexpr std::string_view kLibrary = "/MuSL.so";
  const bool library = name.size() > kLibrary.size() &&
                       name.substr(name.size() - kLibrary.size()) == kLibrary;
  if (!name.empty() && !library) return 0;
  Code& code = *static_cast<Code*>(out);
  for (int i = 0; i < info->dlpi_phnum && code.n < code.from.size(); ++i) {
    const auto& part = info->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    code.from[code.n] = info->dlpi_addr + part.p_vaddr;
    code.to[code.n++] = info->dlpi_addr + part.p_vaddr + part.p_memsz;
  }
  return 0;
}

Code core_code;
[[gnu::constructor]] void find_core_code() {
  ::dl_iterate_phdr(add_code, &core_code);
}

/// malloc() and its kin are asked by the C library too: that is not refused.
bool by_core(const void* caller) {
  const auto at = reinterpret_cast<std::uintptr_t>(caller);
  for (std::size_t i = 0; i < core_code.n; ++i) {
    if (at >= core_code.from[i] && at < core_code.to[i]) return true;
  }
  return false;
}

void* taken(void* block) {
  if (block != nullptr) ++live;
  return block;
}

void* take(std::size_t size) {
  if (refused()) return nullptr;
  return taken(__libc_malloc(size == 0 ? 1 : size));
}

void* take_aligned(std::size_t size, std::align_val_t alignment) {
  if (refused()) return nullptr;
  const auto step = static_cast<std::size_t>(alignment);
  return taken(std::aligned_alloc(step, (size + step - 1) / step * step));
}

void give_back(void* block) {
  if (block == nullptr) return;
  --live;
  __libc_free(block);
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

using musl::test::by_core;
using musl::test::give_back;
using musl::test::or_throw;
using musl::test::refused;
using musl::test::take;
using musl::test::take_aligned;
using musl::test::taken;

extern "C" void* malloc(std::size_t size) {
  return by_core(__builtin_return_address(0)) ? take(size)
                                              : taken(__libc_malloc(size));
}
extern "C" void free(void* block) { give_back(block); }
extern "C" void* calloc(std::size_t n, std::size_t size) {
  const bool refuse = by_core(__builtin_return_address(0)) && refused();
  return refuse ? nullptr : taken(__libc_calloc(n, size));
}
extern "C" void* realloc(void* block, std::size_t size) {
  if (by_core(__builtin_return_address(0)) && refused()) return nullptr;
  void* moved = __libc_realloc(block, size);
  return block == nullptr ? taken(moved) : moved;
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
