library(testthat)
library(MuSL)

test_check("MuSL")
