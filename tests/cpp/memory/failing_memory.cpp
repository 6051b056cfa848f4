#include "failing_memory.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <new>
#include <string_view>

extern "C" {
// What glibc's malloc() and its kin are by another name.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t step, std::size_t size);
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
std::atomic<std::int64_t> spared{0};
Asker asker;
void (*watch_taken)(void*) = nullptr;
void (*watch_given)(void*) = nullptr;

/// The destructor of nlohmann's json (3.11) takes memory for the parts of an
/// array or object that is not empty, so that no program can survive a refusal
/// there. A shortage that begins at such a place begins behind it instead, and
/// one that lasts passes it by.
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
  if (!in_json_destructor()) {
    if (k == first_refused.load()) {
      asker.n = ::backtrace(asker.frames.data(),
                            static_cast<int>(asker.frames.size()));
    }
    return true;
  }
  ++spared;
  return false;
}

/// The code of this program (or of the library that a program was started
/// with), of the package's libraries, in which the core is, and of LibTorch.
struct Code {
  std::array<std::uintptr_t, 16> from{};
  std::array<std::uintptr_t, 16> to{};
  std::size_t n = 0;
};

bool is_of_core(std::string_view name) {
  const std::string_view file = name.substr(name.rfind('/') + 1);
  for (const std::string_view start : {"MuSL", "libtorch", "libc10"}) {
    if (file.substr(0, start.size()) == start) return true;
  }
  return false;
}

int add_code(dl_phdr_info* info, std::size_t, void* out) {
  Code parts;
  bool is_here = false;
  for (int i = 0; i < info->dlpi_phnum && parts.n < parts.from.size(); ++i) {
    const auto& part = info->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    const auto from = info->dlpi_addr + part.p_vaddr;
    const auto here = reinterpret_cast<std::uintptr_t>(&add_code);
    is_here = is_here || (here >= from && here < from + part.p_memsz);
    parts.from[parts.n] = from;
    parts.to[parts.n++] = from + part.p_memsz;
  }
  if (!is_here && !is_of_core(info->dlpi_name)) return 0;
  Code& code = *static_cast<Code*>(out);
  for (std::size_t i = 0; i < parts.n && code.n < code.from.size(); ++i) {
    code.from[code.n] = parts.from[i];
    code.to[code.n++] = parts.to[i];
  }
  return 0;
}

Code core_code;

/// Anew each time: libraries are opened while a program runs.
void find_core_code() {
  Code found;
  ::dl_iterate_phdr(add_code, &found);
  core_code = found;
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
  if (block == nullptr) return block;
  ++live;
  if (watch_taken != nullptr) watch_taken(block);
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

void* moved_to(void* before, void* after) {
  if (after == nullptr || watch_taken == nullptr) return after;
  watch_given(before);
  watch_taken(after);
  return after;
}

void give_back(void* block) {
  if (block == nullptr) return;
  --live;
  if (watch_given != nullptr) watch_given(block);
  __libc_free(block);
}

void* or_throw(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

std::int64_t live_blocks() { return live; }

std::int64_t n_spared() { return spared; }

const Asker& first_refusal() { return asker; }

void watch_blocks(void (*taken)(void*), void (*given)(void*)) {
  watch_taken = taken;
  watch_given = given;
}

void start_counting(std::int64_t k, Shortage shortage) {
  find_core_code();
  (void)in_json_destructor();  // backtrace() takes memory when first called
  counted = 0;
  asker.n = 0;
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
  return block == nullptr ? taken(moved) : musl::test::moved_to(block, moved);
}

extern "C" int posix_memalign(void** out, std::size_t step, std::size_t size) {
  if (by_core(__builtin_return_address(0)) && refused()) return ENOMEM;
  void* block = taken(__libc_memalign(step, size));
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
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
