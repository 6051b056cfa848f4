# The student, which chooses the pairs of an atlas that the model scores.

check_shortlist <- function(top, pairs, test) {
  if (is.null(top)) {
    return(invisible())
  }
  check_share(top, arg = "shortlist_top")
  check_whole(pairs, 1000, 1e7, arg = "shortlist_pairs")
  check_whole(test, 1000, 1e7, arg = "shortlist_test")
}

# NULL without a shortlist.
shortlist_settings <- function(top, pairs, test, seed) {
  if (is.null(top)) {
    return(NULL)
  }
  list(
    top = as.double(top), pairs = as.integer(pairs), test = as.integer(test),
    seed = if (!is.null(seed)) draw_seed(seed)
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
    n_best = report$n_best,
    n_training = report$n_training,
    n_test = report$n_test,
    threshold = report$threshold,
    seed = settings$seed
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
    with_core(
      cpp_atlas_make_shortlist(
        scorer, job$plan[c("rows", "cols")], config, shortlist_path(job),
        job$key, callback
      )
    )
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
