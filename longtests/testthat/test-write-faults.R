# Whichever write fails, and for whatever reason: the package's own error tells
# the file, what was there before stays, nothing half written is left, and the
# same call then gives the bits of a run in which nothing failed.

test_that("a write that fails costs nothing but the call", {
  skip_if_not(Sys.info()[["sysname"]] == "Linux", "the shim is for Linux")
  skip_without_backend()
  skip_without_hdf5()
  skip_if_not_installed("callr")
  skip_if_not_installed("optparse")
  place <- faulty_session(withr::local_tempdir())
  trials <- lapply(names(works), function(work) break_writes(place, work))
  trials <- do.call(rbind, trials)
  expect_survived(trials$outcome, "faults injected into writes", told(trials))
})
