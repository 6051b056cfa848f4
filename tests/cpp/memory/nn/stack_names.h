#pragma once

#include <cstdint>
#include <string>

// Names of what is on the stack.
namespace musl::test {

/// Is it code of what takes memory and handles exceptions, itself?
[[nodiscard]] bool is_of_the_runtime(std::uintptr_t place);
/// Or of the program that runs the tests?
[[nodiscard]] bool is_of_this_program(std::uintptr_t place);

/// "name (library)" of the function; "? (library)" where it has none.
[[nodiscard]] std::string name_at(std::uintptr_t place);

/// Did someone else write it: is it of LibTorch, the standard library or json?
[[nodiscard]] bool is_of_others(const std::string& function);

/// The innermost function on the stack that an exception must not leave, named
/// by the one that called it where it has no name; "" where there is none. For
/// a terminate handler: it tells whose promise was broken.
[[nodiscard]] std::string function_that_must_not_throw();

/// The innermost function on the stack that is neither of the runtime nor of
/// the program, named likewise. For a handler of signals.
[[nodiscard]] std::string innermost_function();

}  // namespace musl::test
