#pragma once

#include <Rcpp.h>

#include "base/matrix.h"
#include "muse/node_set.h"

namespace musl_r {

[[nodiscard]] musl::Matrix as_float_matrix(SEXP matrix);

/// list(kind, features, text, coordinates, columns); features NULL if there are
/// none.
[[nodiscard]] musl::NodeSet as_nodes(const Rcpp::List& fields);

}  // namespace musl_r
