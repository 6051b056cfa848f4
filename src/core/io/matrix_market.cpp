#include "musl/matrix_market.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <string>
#include <string_view>

#include "musl/error.h"
#include "musl/text_blocks.h"
#include "musl/text_fields.h"

namespace musl {

namespace {

constexpr std::int64_t kMostEntries = 2147483647;  // of R's sparse matrices

/// Removes and returns the next word of a line; empty at its end.
std::string_view next_word(std::string_view* line) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = line->find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return *line = {};
  line->remove_prefix(first);
  const std::size_t end = std::min(line->find_first_of(kBlanks), line->size());
  const std::string_view word = line->substr(0, end);
  line->remove_prefix(end);
  return word;
}

bool read_whole(std::string_view word, std::int64_t* out) {
  const auto [stop, error] =
      std::from_chars(word.data(), word.data() + word.size(), *out);
  return error == std::errc() && stop == word.data() + word.size();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

struct Entry {
  std::int32_t row, column;
  double value;
};

/// Takes the lines of one file, one after the other.
class MarketReader {
 public:
  MarketReader(const std::string& file, std::int64_t rows, std::int64_t columns)
      : file_(file), rows_(rows), columns_(columns) {}

  void take(std::string_view line, std::int64_t number) {
    line_ = number;
    if (stage_ == Stage::banner) {
      check_banner(line);
    } else if (line.front() != '%') {
      if (stage_ == Stage::sizes) {
        read_sizes(line);
      } else {
        read_entry(line);
      }
    }
  }

  SparseCounts finish() {
    if (stage_ != Stage::entries) {
      refuse("it ends before the sizes: rows, columns and entries",
             "Was the download broken off?");
    }
    const auto found = static_cast<std::int64_t>(entries_.size());
    if (found != announced_) {
      refuse(std::to_string(announced_) + " entries are announced, " +
                 std::to_string(found) + " found",
             "Was the download broken off?");
    }
    return by_column();
  }

 private:
  enum class Stage { banner, sizes, entries };

  [[noreturn]] void refuse(const std::string& what,
                           const std::string& remedy) const {
    refuse_text(file_, line_, "", what, remedy);
  }

  void check_banner(std::string_view line) {
    std::array<std::string, 6> words;
    for (auto& word : words) word = lower(next_word(&line));
    const bool known = words[0] == "%%matrixmarket" && words[1] == "matrix" &&
                       words[2] == "coordinate" &&
                       (words[3] == "integer" || words[3] == "real") &&
                       words[4] == "general" && words[5].empty();
    if (!known) {
      refuse(
          "it does not begin with \"%%MatrixMarket matrix coordinate\", "
          "\"integer\" or \"real\", \"general\"",
          "Is it the matrix of Cell Ranger?");
    }
    stage_ = Stage::sizes;
  }

  void read_sizes(std::string_view line) {
    std::array<std::int64_t, 3> sizes{};
    for (auto& size : sizes) {
      if (!read_whole(next_word(&line), &size) || size < 0) refuse_sizes();
    }
    if (!next_word(&line).empty()) refuse_sizes();
    if (sizes[0] != rows_ || sizes[1] != columns_) {
      refuse("it is " + std::to_string(sizes[0]) + " x " +
                 std::to_string(sizes[1]) + " where " + std::to_string(rows_) +
                 " genes and " + std::to_string(columns_) + " cells are named",
             "Are all three files of one run?");
    }
    announced_ = sizes[2];
    if (announced_ > kMostEntries) {
      refuse("it announces " + std::to_string(announced_) + " entries",
             "R's sparse matrices hold 2^31 - 1 at most.");
    }
    stage_ = Stage::entries;
  }

  [[noreturn]] void refuse_sizes() const {
    refuse("the three sizes must stand here: rows, columns and entries",
           "Was the download broken off?");
  }

  void read_entry(std::string_view line) {
    std::int64_t row = 0, column = 0;
    const bool placed = read_whole(next_word(&line), &row) &&
                        read_whole(next_word(&line), &column);
    const std::string_view value = next_word(&line);
    if (!placed || value.empty() || !next_word(&line).empty()) {
      refuse("it must hold row, column and count",
             "Was the download broken off?");
    }
    if (row < 1 || row > rows_ || column < 1 || column > columns_) {
      refuse("entry " + std::to_string(row) + ", " + std::to_string(column) +
                 " is outside " + std::to_string(rows_) + " x " +
                 std::to_string(columns_),
             "Rows and columns count from 1.");
    }
    if (static_cast<std::int64_t>(entries_.size()) == announced_) {
      refuse("more than the " + std::to_string(announced_) +
                 " entries announced are there",
             "Are there two matrices in one file?");
    }
    entries_.push_back({static_cast<std::int32_t>(row - 1),
                        static_cast<std::int32_t>(column - 1), count(value)});
  }

  [[nodiscard]] double count(std::string_view word) const {
    double value = 0;
    if (parse_number(word, &value) != NumberKind::number || value < 0) {
      refuse(show_field(word) + " is no count, 0 or more",
             "The matrix must hold counts.");
    }
    return value;
  }

  SparseCounts by_column() {
    const auto before = [](const Entry& x, const Entry& y) {
      return x.column != y.column ? x.column < y.column : x.row < y.row;
    };
    if (!std::is_sorted(entries_.begin(), entries_.end(), before)) {
      std::sort(entries_.begin(), entries_.end(), before);
    }
    SparseCounts out;
    out.start.assign(static_cast<std::size_t>(columns_) + 1, 0);
    out.row.reserve(entries_.size());
    out.value.reserve(entries_.size());
    const Entry* last = nullptr;
    for (const Entry& entry : entries_) {
      if (last != nullptr && !before(*last, entry)) refuse_twice(entry);
      last = &entry;
      ++out.start[static_cast<std::size_t>(entry.column) + 1];
      out.row.push_back(entry.row);
      out.value.push_back(entry.value);
    }
    std::partial_sum(out.start.begin(), out.start.end(), out.start.begin());
    return out;
  }

  [[noreturn]] void refuse_twice(const Entry& entry) const {
    refuse_text(file_, 0, "",
                "entry " + std::to_string(entry.row + 1) + ", " +
                    std::to_string(entry.column + 1) + " is there twice",
                "Is it a file of Cell Ranger?");
  }

  const std::string& file_;
  std::int64_t rows_, columns_, announced_ = 0, line_ = 1;
  Stage stage_ = Stage::banner;
  std::vector<Entry> entries_;
};

}  // namespace

SparseCounts read_matrix_market(TextFile* file, std::int64_t rows,
                                std::int64_t columns,
                                const std::function<bool()>& tick) {
  const Dialect plain{' ', '\0', false};
  MarketReader reader(file->name(), rows, columns);
  for_each_block(
      file, plain, /*threads=*/1,
      [&](const TextBlock& block) {
        Records lines(block.text, plain, file->name(), block.first_line);
        std::string_view line;
        while (lines.next(&line)) reader.take(line, lines.line());
      },
      tick);
  return reader.finish();
}

}  // namespace musl
