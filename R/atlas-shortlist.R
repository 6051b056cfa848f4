# The student, which chooses the pairs of an atlas that the model scores.

# list(top, pairs, test, seed) of the argument `shortlist`; NULL without one.
shortlist_settings <- function(shortlist, asked, seed) {
  if (is.null(shortlist)) {
    return(NULL)
  }
  abort_if(!asked$student, c(
    "{.arg shortlist} must be {.code NULL} for scorers of features.",
    x = "A shortlist needs a student of the network.",
    i = "Leave it out, or pass {.code scorers = \"musl\"}, if the model has
         it."
  ), argument = "shortlist")
  if (length(shortlist) == 1 && is.null(names(shortlist))) {
    names(shortlist) <- "top"
  }
  all <- fill_numbers(shortlist, c(top = NA, pairs = 1e5, test = 2e5))
  check_share(all[["top"]], arg = "shortlist")
  check_whole(all[["pairs"]], 1000, 1e7, arg = "shortlist")
  check_whole(all[["test"]], 1000, 1e7, arg = "shortlist")
  list(
    top = all[["top"]], pairs = as.integer(all[["pairs"]]),
    test = as.integer(all[["test"]]), seed = seed
  )
}

# Facts about the shortlist; the student itself is on disk. NULL without a
# shortlist.
make_shortlist <- function(job, progress) {
  settings <- job$settings$shortlist
  if (is.null(settings)) {
    return(NULL)
  }
  report <- finished_report(job) %||% new_shortlist(job, progress)
  recall <- stats::binom.test(report$n_passed, report$n_best)
  list(
    top = settings$top,
    recall = report$n_passed / report$n_best,
    recall_lower = recall$conf.int[1],
    recall_upper = recall$conf.int[2],
    n_best = report$n_best, n_training = report$n_training,
    n_test = report$n_test, threshold = report$threshold, seed = settings$seed
  )
}

shortlist_path <- function(job) file.path(job$directory, student_file)

finished_report <- function(job) {
  if (!file.exists(shortlist_path(job))) {
    return(NULL)
  }
  tryCatch(
    with_core(cpp_atlas_shortlist_report(shortlist_path(job), job$key)),
    musl_error_format = function(cnd) {
      inform_musl("The student's file is damaged; it is made again.")
      NULL
    }
  )
}

new_shortlist <- function(job, progress) {
  scorer <- own_scorer(job)
  config <- c(job$settings$shortlist, job$inputs$options["threads"])
  with_progress(progress, function(callback) {
    with_core(cpp_atlas_make_shortlist(
      scorer, job$plan[c("rows", "cols")], config, shortlist_path(job),
      job$key, callback
    ))
  })
  with_core(cpp_atlas_shortlist_report(shortlist_path(job), job$key))
}

# The student, which reads the scorer's features; NULL without a shortlist.
load_shortlist <- function(job, scorer) {
  if (is.null(job$shortlist)) {
    return(NULL)
  }
  with_core(cpp_atlas_load_shortlist(scorer, shortlist_path(job), job$key))
}
