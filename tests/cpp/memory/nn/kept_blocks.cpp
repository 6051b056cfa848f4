#include "kept_blocks.h"

#include <execinfo.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "../failing_memory.h"
#include "stack_names.h"

namespace musl::test {
namespace {

constexpr std::size_t kFrames = 24, kSlots = std::size_t{1} << 16;

struct Noted {
  void* block = nullptr;
  std::array<void*, kFrames> frames{};
  int n_frames = 0;
};

/// Open addressing; what finds no slot is not noted.
std::array<Noted, kSlots> table;
bool is_inside = false;  // of what follows, which takes memory itself

void* const kGone = &table;

std::size_t slot_of(const void* block) {
  return (reinterpret_cast<std::uintptr_t>(block) >> 4) * 0x9e3779b97f4a7c15U >>
         48;
}

template <class Found>
void probe(const void* block, const Found& found) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (found(table[(slot_of(block) + i) % kSlots])) return;
  }
}

void note(void* block) {
  if (is_inside) return;
  is_inside = true;
  probe(block, [block](Noted& slot) {
    if (slot.block != nullptr && slot.block != kGone) return false;
    slot.block = block;
    slot.n_frames = ::backtrace(slot.frames.data(), kFrames);
    return true;
  });
  is_inside = false;
}

void forget(void* block) {
  if (is_inside) return;
  probe(block, [block](Noted& slot) {
    if (slot.block == nullptr) return true;
    if (slot.block != block) return false;
    slot.block = kGone;
    return true;
  });
}

/// Innermost first; with this program's own functions or without.
std::string names_of(const Noted& slot, bool own) {
  std::string names;
  for (int i = 0; i < slot.n_frames; ++i) {
    const auto place =
        reinterpret_cast<std::uintptr_t>(slot.frames[std::size_t(i)]) - 1;
    if (is_of_the_runtime(place) || (!own && is_of_this_program(place))) {
      continue;
    }
    names += (names.empty() ? "" : ", ") + name_at(place);
  }
  return names;
}

}  // namespace

void start_noting_blocks() {
  table.fill({});
  watch_blocks(note, forget);
}

std::string first_kept_block() {
  watch_blocks(nullptr, nullptr);
  for (const auto& slot : table) {
    if (slot.block == nullptr || slot.block == kGone) continue;
    const std::string names = names_of(slot, /*own=*/false);
    return names.empty() ? names_of(slot, /*own=*/true) : names;
  }
  return "a block that was not noted";
}

}  // namespace musl::test
