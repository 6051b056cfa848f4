// A user's tables of pairs: a column each of their numbers.

#include <string>

#include "features/feature_group.h"
#include "store/pair_tables.h"

namespace musl {

namespace {

class TableColumns : public PairColumns {
 public:
  explicit TableColumns(const GeneStore& store)
      : tables_(store.part<PairTables>()) {
    for (const PairTable& table : tables_) {
      for (const auto& column : table.columns) {
        add("table:" + table.name + ":" + column, "tables",
            column + " in the table " + table.name);
      }
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    for (const PairTable& table : tables_) {
      const std::int64_t row = table.find(a, b);
      for (Eigen::Index j = 0; j < table.value.cols(); ++j) {
        *out++ = row < 0 ? PairFacts::kUnknown : table.value(row, j);
      }
    }
  }

 private:
  const PairTables& tables_;
};

const bool kTablesAreRegistered = register_feature_group(
    {"tables", 100, nullptr, make_columns<TableColumns>});

}  // namespace

}  // namespace musl
