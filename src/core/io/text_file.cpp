#include "io/text_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <string_view>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"
#include "io/regular_file.h"

namespace musl {

namespace {

constexpr std::uint64_t kScanBytes = std::uint64_t{1} << 18;
/// Read at a time, and divided among threads in pieces.
constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 25;
constexpr std::size_t kPieceBytes = std::size_t{1} << 22;
constexpr auto kNone = std::string_view::npos;

/// Numbers that are whole as digits and a power of ten: their quotient is
/// rounded once, hence correctly. Source: Clinger (1990), PLDI 92.
constexpr std::array<double, 23> kPowers = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kWhole = std::uint64_t{1} << 53;

bool read_any_decimal(std::string_view field, double* out) {
  if (field.find_first_not_of("0123456789.eE+-") != kNone) return false;
#ifdef __cpp_lib_to_chars
  const char* const end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, *out);
  return stop == end && error == std::errc();
#else
  const std::string text(field);
  char* stop = nullptr;
  *out = std::strtod(text.c_str(), &stop);
  return *stop == '\0' && std::isfinite(*out);
#endif
}

/// False for what is no decimal number.
bool read_number(std::string_view field, double* out) {
  const bool is_negative = field.front() == '-';
  std::uint64_t digits = 0;
  std::size_t n_digits = 0, point = field.size();
  for (std::size_t i = is_negative ? 1 : 0; i < field.size(); ++i) {
    const auto digit = static_cast<unsigned>(field[i]) - '0';
    if (digit < 10) {
      digits = digits * 10 + digit;
      ++n_digits;
    } else if (field[i] == '.' && point == field.size()) {
      point = i + 1;
    } else {
      return read_any_decimal(field, out);
    }
  }
  if (n_digits == 0) return false;
  if (n_digits > 19 || digits > kWhole) return read_any_decimal(field, out);
  *out = static_cast<double>(digits) / kPowers[field.size() - point];
  if (is_negative) *out = -*out;
  return true;
}

std::string_view trim(std::string_view field) {
  const std::size_t first = field.find_first_not_of(" \t");
  if (first == kNone) return {};
  return field.substr(first, field.find_last_not_of(" \t") - first + 1);
}

/// Texts numbered in order of first occurrence; whoever calls keeps them.
class Levels {
 public:
  /// The number of a text; a new one gets the next.
  std::int32_t code(std::string_view text) {
    std::int32_t* const slot = find(text);
    if (*slot >= 0) return *slot;
    const auto out = *slot = static_cast<std::int32_t>(texts_.size());
    texts_.push_back(text);
    if (2 * texts_.size() > slots_.size()) {
      slots_.assign(4 * slots_.size(), -1);
      for (std::int32_t i = 0; i <= out; ++i) *find(texts_[at(i)]) = i;
    }
    return out;
  }
  std::vector<std::string_view>& texts() { return texts_; }

 private:
  /// The slot of a text, or the free one that it would get.
  std::int32_t* find(std::string_view text) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>()(text) & mask;
    while (slots_[slot] >= 0 && texts_[at(slots_[slot])] != text) {
      slot = (slot + 1) & mask;
    }
    return &slots_[slot];
  }

  std::vector<std::string_view> texts_;
  std::vector<std::int32_t> slots_ = std::vector<std::int32_t>(64, -1);
};

/// The next line of a text, without its end.
std::string_view take_line(std::string_view* text, char end = '\n') {
  const std::size_t size = std::min(text->find(end), text->size());
  std::string_view line = text->substr(0, size);
  text->remove_prefix(std::min(size + 1, text->size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// A file in blocks of whole lines.
class Blocks {
 public:
  Blocks(const std::string& path, std::size_t n) : file_(path), size_(n) {}

  /// The next block, valid until the next call; false at the end.
  [[nodiscard]] bool next(std::string_view* out) {
    for (std::uint64_t size = size_; offset_ < file_.size(); size *= 2) {
      block_.resize(std::min(size, file_.size() - offset_));
      file_.read(offset_, block_.size(), block_.data());
      *out = {block_.data(), block_.size()};
      const bool is_last = offset_ + block_.size() == file_.size();
      if (!is_last) *out = out->substr(0, out->rfind('\n') + 1);
      offset_ += out->size();
      if (!out->empty()) return true;
    }
    return false;
  }

 private:
  RegularFile file_;
  std::vector<char> block_;
  std::uint64_t size_, offset_ = 0;
};

/// Whole lines of a block, read by one thread.
struct Piece {
  std::string_view text;
  std::int64_t first_row = 0, n_rows = 0;
  Levels levels;
  std::vector<std::int32_t> last;  // code in each column of text, or -1
  bool fits = true;
};

std::vector<Piece> divide(std::string_view text) {
  std::vector<Piece> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n', kPieceBytes);
    out.emplace_back().text = text.substr(0, end);
    text.remove_prefix(end == kNone ? text.size() : end + 1);
  }
  return out;
}

void count_rows(Piece* piece) {
  for (std::string_view left = piece->text; !left.empty();) {
    piece->n_rows += take_line(&left).empty() ? 0 : 1;
  }
}

/// What stands in each column of a row.
struct Slots {
  explicit Slots(const PlainRows& rows)
      : number(at(rows.n_fields), -1), text(at(rows.n_fields), -1) {
    for (std::size_t k = 0; k < rows.number.size(); ++k) {
      number.at(at(rows.number[k])) = static_cast<int>(k);
    }
    for (std::size_t k = 0; k < rows.text.size(); ++k) {
      text.at(at(rows.text[k])) = static_cast<int>(k);
    }
  }
  std::vector<int> number, text;  // place among those to read, or -1
};

bool read_line(std::string_view line, const PlainRows& rows, const Slots& slots,
               std::int64_t row, Piece* piece, double* numbers,
               const std::vector<std::int32_t*>& codes) {
  for (std::size_t column = 0;; ++column) {
    const std::size_t end = line.find(rows.delimiter);
    if ((end == kNone) != (column + 1 == slots.text.size())) return false;
    const std::string_view field = trim(line.substr(0, end));
    if (field.empty() && rows.delimiter == ' ') return false;
    if (const int k = slots.number[column]; k >= 0) {
      if (field.empty() || field == "NA") {
        numbers[k] = rows.missing;
      } else if (!read_number(field, numbers + k)) {
        return false;
      }
    } else if (const int j = slots.text[column]; j >= 0) {
      // Tables are often sorted, so that a text repeats.
      std::int32_t& code = piece->last[at(j)];
      if (code < 0 || piece->levels.texts()[at(code)] != field) {
        code = piece->levels.code(field);
      }
      codes[at(j)][row] = code;
    }
    if (end == kNone) return true;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

TextFacts scan_text(const std::string& path, char end) {
  TextFacts out;
  std::int64_t line = 1;
  Blocks blocks(path, kScanBytes);
  for (std::string_view left; blocks.next(&left);) {
    const std::size_t zero = left.find('\0');
    if (zero != kNone) {
      out.zero_line = line + std::count(left.begin(), left.begin() + zero, end);
      return out;
    }
    out.has_quotes = out.has_quotes || left.find('"') != kNone;
    out.is_ascii =
        out.is_ascii && std::all_of(left.begin(), left.end(),
                                    [](signed char byte) { return byte >= 0; });
    for (; !left.empty(); ++line) {
      out.n_lines += take_line(&left, end).empty() ? 0 : 1;
    }
  }
  return out;
}

std::optional<std::vector<std::string>> read_plain_rows(
    const PlainRows& rows, double* numbers,
    const std::vector<std::int32_t*>& codes, int threads) {
  const Slots slots(rows);
  const auto n_numbers = size_of(rows.number);
  Levels levels;
  std::deque<std::string> kept;  // which never moves what it holds
  std::int64_t n_skip = rows.n_skip, row = 0;
  Blocks blocks(rows.path, kBlockBytes);
  for (std::string_view left; blocks.next(&left);) {
    for (; n_skip > 0 && !left.empty(); --n_skip) (void)take_line(&left);
    std::vector<Piece> pieces = divide(left);
    parallel_for(size_of(pieces), threads,
                 [&](std::int64_t i) { count_rows(&pieces[at(i)]); });
    for (Piece& piece : pieces) {
      piece.first_row = std::exchange(row, row + piece.n_rows);
    }
    if (row > rows.n_rows) return std::nullopt;
    parallel_for(size_of(pieces), threads, [&](std::int64_t i) {
      Piece& piece = pieces[at(i)];
      piece.last.assign(rows.text.size(), -1);
      std::int64_t r = piece.first_row;
      for (std::string_view text = piece.text; piece.fits && !text.empty();) {
        const std::string_view line = take_line(&text);
        if (line.empty()) continue;
        piece.fits =
            !trim(line).empty() && read_line(line, rows, slots, r, &piece,
                                             numbers + r * n_numbers, codes);
        ++r;
      }
    });
    for (Piece& piece : pieces) {
      if (!piece.fits) return std::nullopt;
      std::vector<std::int32_t> code_of;
      for (const std::string_view text : piece.levels.texts()) {
        if (text.find('\r') != kNone) return std::nullopt;
        code_of.push_back(levels.code(text));
        if (levels.texts().size() > kept.size()) {
          levels.texts().back() = kept.emplace_back(text);
        }
      }
      for (std::int32_t* const column : codes) {
        std::int32_t* const first = column + piece.first_row;
        std::transform(first, first + piece.n_rows, first,
                       [&](std::int32_t code) { return code_of[at(code)]; });
      }
    }
  }
  if (row != rows.n_rows) return std::nullopt;
  return std::vector<std::string>(kept.begin(), kept.end());
}

}  // namespace musl
