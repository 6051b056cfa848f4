#pragma once

// What all of the glue includes. Nothing of ours: an edit of our own headers
// must not compile this again.

#include <Rcpp.h>

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>
