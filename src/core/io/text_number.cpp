#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <locale>
#include <string>
#include <system_error>

#include "musl/text_fields.h"
#include "musl/text_file.h"

namespace musl {

namespace {

constexpr std::array<double, 23> kPowers = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
constexpr int kMaxDigits = 18;  // always fit 64 bits

bool same_word(std::string_view field, std::string_view lower) {
  if (field.size() != lower.size()) return false;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (ascii_lower(field[i]) != lower[i]) return false;
  }
  return true;
}

/// Plain decimals that are exact as integer and power of ten: their quotient is
/// rounded once, hence correctly (Clinger 1990). False for all other fields.
bool parse_plain(std::string_view field, double* value) {
  const char* at = field.data();
  const char* const end = at + field.size();
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  std::uint64_t digits = 0;
  int n_digits = 0, n_fraction = 0;
  const char* point = nullptr;
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned>(*at) - '0';
    if (digit < 10) {
      digits = digits * 10 + digit;
      ++n_digits;
    } else if (*at == '.' && point == nullptr) {
      point = at;
    } else {
      return false;
    }
  }
  if (point != nullptr) n_fraction = static_cast<int>(end - point) - 1;
  if (n_digits == 0 || n_digits > kMaxDigits || digits > kExact) return false;
  const double size = static_cast<double>(digits) / kPowers[n_fraction];
  *value = negative ? -size : size;
  return true;
}

/// Whether a number that no double holds is too small, not too large.
bool is_too_small(std::string_view text) {
  return std::abs(std::strtod(std::string(text).c_str(), nullptr)) < 1;
}

/// std::from_chars(), which libc++ lacks for doubles before version 20.
std::from_chars_result read_double(const char* begin, const char* end,
                                   double* value) {
#ifdef _LIBCPP_VERSION
  constexpr std::string_view kDecimal = "+-.0123456789eE";
  static const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
  // strtod() would take blanks, words and hexadecimal numbers, too.
  const std::string text(begin, std::find_if(begin, end, [&](char c) {
                           return kDecimal.find(c) == kDecimal.npos;
                         }));
  char* stop = nullptr;
  errno = 0;
  *value = ::strtod_l(text.c_str(), &stop, plain);
  const bool fits = errno != ERANGE || (*value != 0 && std::isfinite(*value));
  return {begin + (stop - text.c_str()),
          fits ? std::errc() : std::errc::result_out_of_range};
#else
  return std::from_chars(begin, end, *value);
#endif
}

NumberKind parse_word(std::string_view field) {
  for (const char* word :
       {"na", "nan", "n/a", "null", "none", "-", ".", "-nan", "+nan", "#n/a"}) {
    if (same_word(field, word)) return NumberKind::missing;
  }
  for (const char* word :
       {"inf", "+inf", "-inf", "infinity", "-infinity", "+infinity"}) {
    if (same_word(field, word)) return NumberKind::infinite;
  }
  return NumberKind::none;
}

}  // namespace

NumberKind parse_number(std::string_view field, double* value) {
  if (field.size() < 64 && parse_plain(field, value)) {
    return NumberKind::number;
  }
  const std::size_t first = field.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return NumberKind::missing;
  field = field.substr(first, field.find_last_not_of(" \t\r") - first + 1);
  // read_double() takes no plus sign.
  const bool plus = field.size() > 1 && field[0] == '+' && field[1] != '-';
  const char* const begin = field.data() + (plus ? 1 : 0);
  const char* const end = field.data() + field.size();
  double read = 0;
  const auto [stop, error] = read_double(begin, end, &read);
  const bool is_digit = *begin == '.' || *begin == '-' ||
                        std::isdigit(static_cast<unsigned char>(*begin)) != 0;
  if (stop != end || !is_digit || error == std::errc::invalid_argument) {
    return parse_word(field);
  }
  if (error == std::errc::result_out_of_range) {
    // A number too small is zero; read_double() reports both cases alike.
    const std::string_view text(begin, static_cast<std::size_t>(end - begin));
    if (!is_too_small(text)) return NumberKind::infinite;
    *value = 0;
    return NumberKind::number;
  }
  if (read != read || read - read != 0) return parse_word(field);
  *value = read;
  return NumberKind::number;
}

}  // namespace musl
