# The kinds of work that test-write-faults.R breaks, on tiny data; what a work
# is, helper-write-faults.R tells.

new_work <- function(act, prepare = function(dir) NULL, old = "^$",
                     names = character(), kept = "^$", elsewhere = FALSE,
                     slow = FALSE) {
  # A file of the temporary directory itself.
  if (elsewhere) names <- c(names, "/file")
  list(
    act = act, prepare = prepare, old = old, names = names, kept = kept,
    slow = slow
  )
}

file_bytes <- function(path) readBin(path, "raw", file.size(path))

# The bytes of a file that act(path) writes over an older one.
replacing <- function(name, act, old = function(path) writeLines("old", path),
                      ...) {
  new_work(
    function(dir) {
      path <- file.path(dir, name)
      act(path)
      file_bytes(path)
    },
    prepare = function(dir) old(file.path(dir, name)),
    old = ".", names = name, ...
  )
}

work_save <- replacing(
  "model.musl", function(path) musl_save(tiny_model(), path, overwrite = TRUE),
  old = function(path) musl_save(tiny_ensemble(), path)
)

# A checkpoint of the third epoch or so was there.
work_checkpoint <- local({
  act <- function(dir) {
    control <- tiny_control(epochs = 8, checkpoint = file.path(dir, "state"))
    tiny_fit(control = control)@bytes
  }
  new_work(
    act,
    prepare = function(dir) {
      with_faults(act(dir), first = 20L, onwards = TRUE)
      stopifnot(identical(all_files(dir), "state"))
    },
    names = "state", kept = "^state$", slow = TRUE
  )
})

# One job was there.
work_resample <- local({
  act <- function(dir) tiny_resample(directory = dir)$scores
  new_work(
    act,
    prepare = function(dir) {
      act(dir)
      unlink(file.path(dir, all_files(dir)[-1]))
    },
    old = ".", names = "job-", kept = "^job-[0-9a-f]+[.]rds$"
  )
})

# The first tiles were there.
work_atlas <- new_work(
  function(dir) score_matrix(tiny_atlas(file.path(dir, "atlas"))),
  prepare = function(dir) {
    unfinished_atlas(file.path(dir, "atlas"), tiles = 1:2)
  },
  old = ".", names = c("atlas.h5", "tile-0", "manifest.json"),
  kept = "^atlas/tiles/tile-[0-9]+[.]safetensors$", slow = TRUE
)

# All tiles were there.
work_assemble <- new_work(
  function(dir) score_matrix(tiny_atlas(file.path(dir, "atlas"))),
  prepare = function(dir) unfinished_atlas(file.path(dir, "atlas")),
  old = ".", names = "atlas.h5", slow = TRUE
)

work_new_atlas <- new_work(
  function(dir) score_matrix(tiny_atlas(file.path(dir, "atlas"), tile = 100L)),
  names = "atlas", slow = TRUE,
  kept = "^atlas/(manifest[.]json|tiles/tile-[0-9]+[.]safetensors)$"
)

work_table <- function(name) {
  replacing(name, function(path) {
    musl_write_csv(
      data.frame(gene = sprintf("G%05d", 1:9000)), path,
      overwrite = TRUE
    )
  })
}

# By a server's word the size is known before, or it is not.
work_download <- function(host) {
  new_work(
    function(dir) {
      address <- paste0("file://", host, file.path(dir, "source.csv"))
      path <- musl_download(
        address, file.path(dir, "cache"),
        quiet = TRUE, overwrite = TRUE
      )
      file_bytes(path)
    },
    prepare = function(dir) {
      writeLines(rep("gene_a,gene_b", 8000), file.path(dir, "source.csv"))
      dir.create(file.path(dir, "cache"))
      writeLines("old", file.path(dir, "cache", "source.csv"))
    },
    old = ".", names = "source.csv", kept = "[.]part([.]tag)?$"
  )
}

embed_in <- function(dir, n) {
  embed_tiny(
    random_proteins(rep(20, n)), list(dir = file.path(dir, "model")),
    cache = file.path(dir, "cache")
  )
}

# Some of the proteins were there.
work_embed <- new_work(
  function(dir) embed_in(dir, 100),
  prepare = function(dir) {
    file.rename(tiny_esm2()$dir, file.path(dir, "model"))
    embed_in(dir, 30)
  },
  old = ".", names = "cache"
)

# inst/scripts/musl: its exit status and text as an error.
by_shell <- function(...) {
  ran <- call_musl(...)
  if (ran$status != 0) {
    stop(errorCondition(ran$error, class = if (ran$status == 1) "musl_error"))
  }
  ran$out
}

shell_model <- function(dir) {
  musl_save(tiny_model(), file.path(dir, "model.musl"))
  pairs <- tiny_model()@genes[1:20]
  pairs <- data.frame(gene_a = pairs[1:10], gene_b = pairs[11:20])
  musl_write_csv(pairs, file.path(dir, "pairs.csv"))
}

work_shell_scores <- new_work(
  function(dir) {
    files <- file.path(dir, c("model.musl", "pairs.csv", "scores.tsv.gz"))
    by_shell(
      "predict", "--model", files[[1]], "--pairs", files[[2]],
      "--out", files[[3]]
    )
    file_bytes(files[[3]])
  },
  prepare = function(dir) {
    shell_model(dir)
    writeLines("old", file.path(dir, "scores.tsv.gz"))
  },
  old = ".", names = "scores.tsv.gz"
)

# As a command writes a plot, whose errors become its text and status.
work_plot <- function(name) {
  new_work(
    function(dir) {
      path <- file.path(dir, name)
      plot <- ggplot2::ggplot(data.frame(x = 1:500, y = sqrt(1:500))) +
        ggplot2::geom_point(ggplot2::aes(x, y))
      tryCatch(script_functions()$put_plot(plot, path), error = function(cnd) {
        stop(errorCondition(conditionMessage(cnd), class = "musl_error"))
      })
      # But for the time in a PDF.
      bytes <- file_bytes(path)
      gsub(
        "Date .D:[0-9]+", "Date", rawToChar(bytes[bytes != 0]),
        useBytes = TRUE
      )
    },
    prepare = function(dir) writeLines("old", file.path(dir, name)),
    old = ".", names = name, slow = TRUE
  )
}

work_report <- replacing("report.html", function(path) {
  suppressWarnings(musl_write_report(
    tiny_model(), path,
    anchors = tiny_model()@genes[[2]], n = 1L, overwrite = TRUE
  ))
}, elsewhere = TRUE, slow = TRUE)

work_gct <- new_work(
  function(dir) read_expression(file.path(dir, "levels.gct")),
  prepare = function(dir) {
    rows <- paste(sprintf("G%05d", 1:5000), "name", 1:5000, sep = "\t")
    writeLines(
      c("#1.2", "5000\t1", "gene\tDescription\ts1", rows),
      file.path(dir, "levels.gct")
    )
  },
  # Without its first lines it goes through the temporary directory.
  old = ".", names = "levels.gct", elsewhere = TRUE
)

work_backend <- new_work(
  function(dir) {
    path <- file.path(dir, "backends", "backend.so")
    publish_backend(file.path(dir, "made.so"), path)
    file_bytes(path)
  },
  prepare = function(dir) {
    writeBin(rep(as.raw(1:250), 800), file.path(dir, "made.so"))
    dir.create(file.path(dir, "backends"))
    writeLines("old", file.path(dir, "backends", "backend.so"))
  },
  old = ".", names = "backend.so"
)

works <- list(
  save = work_save, checkpoint = work_checkpoint, resample = work_resample,
  `new atlas` = work_new_atlas, atlas = work_atlas,
  assembling = work_assemble, csv = work_table("table.csv"),
  `tsv.gz` = work_table("table.tsv.gz"), download = work_download(""),
  `download of unknown size` = work_download("localhost"),
  embed = work_embed, `shell scores` = work_shell_scores,
  `shell png` = work_plot("plot.png"), `shell pdf` = work_plot("plot.pdf"),
  report = work_report, gct = work_gct, backend = work_backend
)
