#include "stack_names.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unwind.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace musl::test {
namespace {

// Itanium C++ ABI, exception handling tables: a call that may throw has an
// entry in its function's table; one that must not, as in a function that is
// noexcept, has none.

constexpr std::uint8_t kOmitted = 0xff, kUleb = 0x01, kUdata4 = 0x03;

std::uintptr_t read_uleb(const std::uint8_t** at) {
  std::uintptr_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = *(*at)++;
    value |= static_cast<std::uintptr_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

/// Call sites are written in one of the two.
std::uintptr_t read_size(std::uint8_t encoding, const std::uint8_t** at) {
  if (encoding == kUleb) return read_uleb(at);
  std::uint32_t value = 0;
  std::memcpy(&value, *at, sizeof(value));
  *at += sizeof(value);
  return value;
}

/// Has the call at `offset` of a function no entry in its table?
bool must_not_throw(const std::uint8_t* table, std::uintptr_t offset) {
  if (*table++ != kOmitted) return false;  // landing pads elsewhere: not by GCC
  if (*table++ != kOmitted) static_cast<void>(read_uleb(&table));
  const std::uint8_t encoding = *table++;
  if (encoding != kUleb && encoding != kUdata4) return false;
  const std::uintptr_t size = read_uleb(&table);
  const std::uint8_t* const end = table + size;
  while (table < end) {
    const auto start = read_size(encoding, &table);
    const auto length = read_size(encoding, &table);
    static_cast<void>(read_size(encoding, &table));  // landing pad
    static_cast<void>(read_uleb(&table));            // action
    if (offset < start) return true;
    if (offset < start + length) return false;
  }
  return true;
}

bool is_of(std::string_view path, std::string_view library) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return file.substr(0, library.size()) == library;
}

struct Place {
  std::string library = "?";
  std::string name;  // or none
};

Place place_of(std::uintptr_t at) {
  Place out;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(at), &info) == 0) return out;
  const std::string path = info.dli_fname;
  out.library = path.substr(path.rfind('/') + 1);
  if (info.dli_sname == nullptr) return out;
  int status = 0;
  char* plain = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
  out.name = plain != nullptr ? plain : info.dli_sname;
  std::free(plain);
  return out;
}

std::uintptr_t place_of(_Unwind_Context* frame) {
  int before = 0;
  const std::uintptr_t place = _Unwind_GetIPInfo(frame, &before);
  return before == 0 ? place - 1 : place;
}

/// A function, named by the one that called it where it has no name.
struct Search {
  bool found = false;
  std::string library, name;

  /// True when there is no more to find.
  bool add(std::uintptr_t at) {
    const Place place = place_of(at);
    if (!found) {
      found = true;
      library = place.library;
      name = place.name;
    } else if (!place.name.empty()) {
      name = "one called by " + place.name;
    }
    return !name.empty();
  }
  [[nodiscard]] std::string text() const {
    return found ? (name.empty() ? "?" : name) + " (" + library + ")" : "";
  }
};

bool breaks_promise(_Unwind_Context* frame, std::uintptr_t at) {
  const auto* table = reinterpret_cast<const std::uint8_t*>(
      _Unwind_GetLanguageSpecificData(frame));
  return table != nullptr &&
         must_not_throw(table, at - _Unwind_GetRegionStart(frame));
}

_Unwind_Reason_Code find_promise(_Unwind_Context* frame, void* out) {
  Search& search = *static_cast<Search*>(out);
  const std::uintptr_t at = place_of(frame);
  const bool passed =
      is_of_the_runtime(at) || (!search.found && !breaks_promise(frame, at));
  return !passed && search.add(at) ? _URC_END_OF_STACK : _URC_NO_REASON;
}

_Unwind_Reason_Code find_innermost(_Unwind_Context* frame, void* out) {
  const std::uintptr_t at = place_of(frame);
  const bool passed = is_of_the_runtime(at) || is_of_this_program(at);
  return !passed && static_cast<Search*>(out)->add(at) ? _URC_END_OF_STACK
                                                       : _URC_NO_REASON;
}

}  // namespace

bool is_of_the_runtime(std::uintptr_t at) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(at), &info) == 0) return false;
  for (const char* library : {"libstdc++", "libgcc_s", "libc.so"}) {
    if (is_of(info.dli_fname, library)) return true;
  }
  return false;
}

bool is_of_this_program(std::uintptr_t at) {
  Dl_info here{}, there{};
  return ::dladdr(reinterpret_cast<void*>(is_of_this_program), &here) != 0 &&
         ::dladdr(reinterpret_cast<void*>(at), &there) != 0 &&
         here.dli_fbase == there.dli_fbase;
}

std::string name_at(std::uintptr_t at) {
  const Place place = place_of(at);
  return (place.name.empty() ? "?" : place.name) + " (" + place.library + ")";
}

bool is_of_others(const std::string& function) {
  if (function.empty()) return false;
  const auto library = function.substr(function.rfind('('));
  const bool ours = library.find("MuSL") != std::string::npos ||
                    library.find("musl") != std::string::npos;
  if (!ours) return true;
  // Templates of others that are compiled into ours: json, and what disposes of
  // a torch::autograd::Function's node, which calls LibTorch's deleteNode().
  for (const std::string_view start :
       {"nlohmann::", "one called by c10::TensorImpl::~TensorImpl()",
        "one called by std::_Sp_counted_base"}) {
    if (function.compare(0, start.size(), start) == 0) return true;
  }
  return false;
}

std::string function_that_must_not_throw() {
  Search search;
  _Unwind_Backtrace(find_promise, &search);
  return search.text();
}

std::string innermost_function() {
  Search search;
  _Unwind_Backtrace(find_innermost, &search);
  return search.text();
}

}  // namespace musl::test
