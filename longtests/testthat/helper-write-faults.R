# A session in which writes fail at command: write_faults.c, loaded before R,
# counts those below its temporary directory and lets the k-th fail, or all from
# there on. A work is a list:
#   prepare(dir)  makes what was there before, once for all trials
#   act(dir)      the call that writes below dir; its value is what is compared
#   old           names there that must stay to the bit when the call fails
#   names         part of the file name that an error must tell
#   kept          names of whole files that it may leave to go on from
#   slow          TRUE for fewer trials

faults <- c(ENOSPC = 28L, EDQUOT = 122L, EIO = 5L, EROFS = 30L)
reasons <- c(
  ENOSPC = "No space left on device", EDQUOT = "Disk quota exceeded",
  EIO = "Input/output error", EROFS = "Read-only file system"
)
kinds_of_write <- c("open", "write", "sync", "close", "name", "removal")

# A place for the session, and what starts it anew.
faulty_session <- function(directory, .local_envir = parent.frame()) {
  place <- new.env(parent = emptyenv())
  place$library <- preloaded_library(
    directory, "write_faults.so", normalizePath("write_faults.c"), "CC"
  )
  place$session <- start_faulty_session(place$library)
  withr::defer(place$session$close(), envir = .local_envir)
  place
}

start_faulty_session <- function(library) {
  session <- callr::r_session$new(callr::r_session_options(
    env = child_env(c(
      LD_PRELOAD = library, LANGUAGE = "en",
      MUSL_WRITE_FAULTS = file.path(dirname(library), "state")
    ))
  ))
  session$run(function(library) {
    suppressPackageStartupMessages(library("testthat"))
    dyn.load(library)
  }, list(library))
  give_helpers(session, helper_files)
}

# All trials of a work: the table of try_fault().
break_writes <- function(place, work) {
  whole <- in_session(place$session, function(work) whole_run(work), work)
  # The shim sees what the work writes.
  testthat::expect_true(whole$all_seen, info = work)
  plan <- plan_faults(work, whole$writes)
  rows <- lapply(seq_len(nrow(plan)), function(i) try_in(place, plan[i, ]))
  do.call(rbind, rows)
}

try_in <- function(place, trial) {
  tryCatch(
    in_session(
      place$session, function(...) try_fault(...), trial$work, trial$first,
      trial$onwards, trial$fault
    ),
    error = function(cnd) {
      if (place$session$is_alive()) stop(cnd)
      place$session <- start_faulty_session(place$library)
      in_session(place$session, function(work) whole_run(work), trial$work)
      cbind(
        trial,
        injected = NA, failed = TRUE, at = "", outcome = "died", message = ""
      )
    }
  )
}

# How often by which reason, and how many calls could do without.
told <- function(trials) {
  by_fault <- table(factor(trials$fault, names(faults)))
  paste0(
    paste(names(by_fault), by_fault, collapse = ", "), "; ",
    sum(trials$injected, na.rm = TRUE), " writes failed; ",
    sum(!trials$failed), " calls did without"
  )
}

# In the session ---------------------------------------------------------------

# `expr` while the `first` write and perhaps those after it fail: list(value,
# error, seen, failed, bytes).
with_faults <- function(expr, first = 0L, onwards = FALSE, fault = "ENOSPC") {
  directory <- normalizePath(tempdir())
  .C(
    "faults_arm", directory, as.integer(first), as.integer(onwards),
    faults[[fault]]
  )
  result <- tryCatch(list(value = expr), error = function(cnd) {
    text <- cli::ansi_strip(conditionMessage(cnd))
    list(error = gsub("\\s+", " ", text), class = class(cnd))
  })
  none <- integer(length(kinds_of_write))
  counts <- .C("faults_disarm", seen = none, failed = none, bytes = 0)
  for (name in c("seen", "failed")) names(counts[[name]]) <- kinds_of_write
  c(result, counts)
}

# A directory as the work finds it.
fresh_place <- function(work) {
  made <- tiny_store$prepared[[work]]
  if (is.null(made)) {
    made <- tempfile("prepared-")
    dir.create(made)
    works[[work]]$prepare(made)
    prepared <- c(tiny_store$prepared, stats::setNames(list(made), work))
    assign("prepared", prepared, envir = tiny_store)
  }
  place <- tempfile("place-")
  dir.create(place)
  file.copy(
    list.files(made, full.names = TRUE, all.files = TRUE, no.. = TRUE), place,
    recursive = TRUE
  )
  place
}

sums_below <- function(directory) {
  names <- all_files(directory)
  stats::setNames(unname(tools::md5sum(file.path(directory, names))), names)
}

# What the work gives where nothing fails, and how many writes that takes when
# files can be removed ("soft") and when they can't ("rigid"). Bytes that were
# seen are those of the files: no writer escapes the shim.
whole_run <- function(work) {
  runs <- lapply(c(soft = "ENOSPC", rigid = "EIO"), function(fault) {
    place <- fresh_place(work)
    on.exit(unlink(place, recursive = TRUE))
    before <- sums_below(place)
    run <- with_faults(works[[work]]$act(place), fault = fault)
    if (!is.null(run$error)) stop(run$error)
    after <- sums_below(place)
    new <- names(after)[!after %in% before]
    run$all_seen <- run$bytes >= sum(file.size(file.path(place, new)))
    run$files <- names(after)
    run
  })
  stopifnot(identical(runs$soft$value, runs$rigid$value))
  assign(paste("whole", work), runs$soft, envir = tiny_store)
  list(
    writes = vapply(runs, function(run) sum(run$seen), 1),
    seen = runs$soft$seen, all_seen = runs$soft$all_seen
  )
}

# One row: what was injected, and what became of it.
try_fault <- function(work, first, onwards, fault) {
  place <- fresh_place(work)
  on.exit(unlink(place, recursive = TRUE))
  act <- works[[work]]$act
  before <- sums_below(place)
  elsewhere <- list.files(tempdir(), all.files = TRUE)
  run <- with_faults(act(place), first, onwards, fault)
  run$before <- before
  run$after <- sums_below(place)
  run$elsewhere <- setdiff(list.files(tempdir(), all.files = TRUE), elsewhere)
  unlink(file.path(tempdir(), run$elsewhere), recursive = TRUE)
  run$again <- with_faults(act(place))
  run$end <- names(sums_below(place))
  data.frame(
    work = work, first = first, onwards = onwards, fault = fault,
    injected = sum(run$failed), failed = !is.null(run$error),
    at = paste(kinds_of_write[run$failed > 0], collapse = " "),
    outcome = judged(run, work, onwards, fault),
    message = if (is.null(run$error)) "" else run$error
  )
}

# "same", or the first promise that was not kept.
judged <- function(run, work, onwards, fault) {
  whole <- tiny_store[[paste("whole", work)]]
  name <- work
  work <- works[[name]]
  injected <- sum(run$failed)
  if (injected == 0 || (!onwards && injected > 1)) {
    return(paste("error:", name, "had", injected, "faults injected"))
  }
  problems <- c(
    told_badly(run, work, whole, fault),
    lost_names(run, work), left_behind(run, work, whole),
    if (!is.null(run$again$error)) paste("not made again:", run$again$error),
    if (!identical(run$again$value, whole$value)) "another result again"
  )
  if (length(problems) == 0) "same" else paste("error:", name, problems[[1]])
}

told_badly <- function(run, work, whole, fault) {
  if (is.null(run$error)) {
    return(if (!identical(run$value, whole$value)) "another result, untold")
  }
  tells <- c(reasons[[fault]], "Is there room", "is there room")
  has <- function(text) grepl(text, run$error, fixed = TRUE)
  c(
    if (!"musl_error" %in% run$class) "no error of the package's",
    if (!any(vapply(work$names, has, NA))) "no file is named",
    if (!any(vapply(tells, has, NA))) "no reason is told"
  )
}

# What was there before a call that failed.
lost_names <- function(run, work) {
  old <- grep(work$old, names(run$before), value = TRUE)
  same <- run$before[old] == run$after[old]
  if (!is.null(run$error) && !all(same %in% TRUE)) "the old file is lost"
}

# A file that can't be removed may stay, under a temporary name.
left_behind <- function(run, work, whole) {
  known <- c(names(run$before), whole$files)
  left <- setdiff(names(run$after), known)
  left <- grep(work$kept, left, value = TRUE, invert = TRUE)
  stuck <- run$failed[["removal"]] > 0
  c(
    if (!stuck && length(c(left, run$elsewhere)) > 0) "a file is left behind",
    if (!stuck && !identical(run$end, whole$files)) "other files in the end"
  )
}

# Which trials: each of the first 50 writes, alone and with all after it, by
# each errno. Where these are more than 60 the errnos take turns, of a slow work
# alone or not, too.
plan_faults <- function(work, writes) {
  all <- expand.grid(
    fault = names(faults), onwards = c(FALSE, TRUE),
    first = seq_len(min(50, max(writes))),
    work = work, stringsAsFactors = FALSE
  )
  n <- writes[ifelse(all$fault %in% c("EIO", "EROFS"), "rigid", "soft")]
  all <- all[all$first <= n, ]
  fault <- match(all$fault, names(faults)) - 1
  turn <- fault == (all$first + 2 * all$onwards) %% length(faults)
  slow_turn <- all$onwards == (all$first %/% length(faults)) %% 2
  keep <- nrow(all) <= 60 | turn & (!works[[work]]$slow | slow_turn)
  all <- all[keep, c("work", "first", "onwards", "fault")]
  rows <- seq(1, nrow(all), length.out = long_count(nrow(all)))
  all[unique(round(rows)), ]
}
