# The tasks of a new user on the folder of real data: DepMap's, SynLethDB's and
# STRING's files and double-knockout screens, from files to partners.

# Files are read by exported functions alone.
input_tasks <- list(
  task(
    "DepMap expression",
    se <- read_depmap(c(
      expression = file("expression/depmap14_promptsl.tsv.gz"),
      effect = file("dependency/crispr_gene_effect_promptsl.tsv.gz")
    ), model = file("genes/lof_models.tsv.gz")),
    identical(SummarizedExperiment::assayNames(se), c("expression", "effect"))
  ),
  task(
    "DepMap dependency",
    drive <- read_depmap(c(effect = file("dependency/drive_ataris.tsv.gz")),
      model = file("genes/lof_models.tsv.gz")
    ),
    identical(dim(drive), c(6372L, 357L))
  ),
  task(
    "DepMap lines",
    lines <- SummarizedExperiment::colData(drive),
    sum(!is.na(lines$lineage)) == 300
  ),
  task(
    "SL labels",
    {
      recorded <- read_pairs(file("sl/sl_pairs.tsv.gz"))
      recorded <- recorded[recorded$label == "SL", ]
      measured <- read_gi_screen(file("screens/screens.tsv.gz"), lines = "mean")
    },
    nrow(recorded) == 35943 && nrow(measured) > 9000 && all(measured$measured)
  ),
  task(
    "networks",
    network <- read_network(file("ppi/string_v10.tsv.gz")),
    igraph::ecount(network) == 175677
  ),
  task(
    "embeddings",
    embeddings <- read_embeddings(file("sequence/kmer_svd64.tsv.gz")),
    identical(dim(embeddings), c(3267L, 64L))
  ),
  task(
    "gene names in any case",
    names <- musl_map_genes(
      c("arid1a", "ENSG00000141510", "8289", "nonsense"),
      annotation = file("sl/sl_genes.tsv.gz")
    ),
    identical(names$symbol, c("ARID1A", "TP53", "ARID1A", NA))
  ),
  task(
    "one object",
    d <- musl_data(
      list(
        tcga_crc = read_expression(file("expression/tcga_crc.tsv.gz")),
        gse33072 = read_expression(file("expression/gse33072.tsv.gz"))
      ),
      network = network, embeddings = embeddings, scale = "log",
      pairs = list(recorded, measured),
      evidence = musl_evidence(musl_annotations("org.Hs.eg.db",
        pathways = read_gmt(file("genes/reactome.gmt.gz"))
      ))
    ),
    length(musl_genes(d)) > 15000 && sum(musl_pairs(d)$measured) > 9000
  )
)

model_tasks <- list(
  task("installation",
    state <- musl_backend(),
    any(grepl("LibTorch: [12]", utils::capture.output(print(state)))),
    shell = "backend",
    written = any(grepl("LibTorch: [12]", ran$out))
  ),
  task("training",
    fit <- musl_fit(d,
      control = musl_control(seed = 1), scorers = "features",
      keep_genes = "ARID1A", progress = FALSE
    ),
    methods::is(fit, "MuslModel") && "ARID1A" %in% musl_genes(fit),
    shell = {
      utils::write.csv(recorded[1:3], result("pairs.csv"), row.names = FALSE)
      c(
        "fit", label_words(file, result), input_words(file), "--scorers", "features",
        "--keep-gene", "ARID1A", "--out", result("model.musl")
      )
    },
    written = file.size(result("model.musl")) > 1e5
  ),
  task("prediction for unseen genes",
    {
      seen <- c(musl_pairs(d)$gene_a, musl_pairs(d)$gene_b)
      unseen <- head(setdiff(musl_genes(fit), seen), 50)
      scores <- predict(fit, data.frame(gene_a = "ARID1A", gene_b = unseen))
    },
    !anyNA(scores$.score) && all(scores$n_unseen == 1),
    shell = {
      pairs <- data.frame(gene_a = "ARID1A", gene_b = unseen)
      utils::write.csv(pairs, result("ask.csv"), row.names = FALSE)
      c(
        "predict", "--model", result("model.musl"), "--pairs",
        result("ask.csv"), "--out", result("scores.csv")
      )
    },
    written = isTRUE(all.equal(table("scores.csv")$.score, scores$.score))
  ),
  task("ranked partners",
    lists <- lapply(
      c("ARID1A", "SMARCA4", "BRCA1", "MTAP"),
      function(gene) musl_partners(fit, gene, n = 100)$partner
    ),
    # The lists belong to their genes, and the paralog is at the top.
    "ARID1B" %in% head(lists[[1]], 10) &&
      max(shared_genes(lists[c(1, 3, 4)])) < 50,
    shell = c(
      "partners", "--model", result("model.musl"), "--anchor", "ARID1A", "--n",
      "100", "--out", result("partners.csv"), "--plot", result("partners.png")
    ),
    written = identical(table("partners.csv")$partner, lists[[1]])
  ),
  task("explanation",
    why <- musl_explain(fit, "ARID1A", "ARID1B"),
    isTRUE(all.equal(
      sum(why$contribution),
      predict(fit, data.frame(gene_a = "ARID1A", gene_b = "ARID1B"))$.score,
      tolerance = 0.01
    )),
    shell = c(
      "explain", "--model", result("model.musl"), "--gene-a", "ARID1A",
      "--gene-b", "ARID1B", "--out", result("why.csv")
    ),
    written = nrow(table("why.csv")) == nrow(why)
  ),
  task("atlas",
    {
      atlas <- musl_atlas(fit, result("atlas"),
        anchors = c("ARID1A", "WRN", "BRCA1"), progress = FALSE
      )
      from_atlas <- musl_partners(atlas, "ARID1A", n = 20)$partner
    },
    identical(from_atlas, head(lists[[1]], 20)),
    shell = c(
      "atlas", "--model", result("model.musl"), "--anchor", "WRN", "--out",
      result("atlas-shell")
    ),
    written = dir.exists(result("atlas-shell"))
  ),
  task("saving and sharing",
    {
      musl_save(fit, result("shared.musl"), keep = "none")
      again <- musl_load(result("shared.musl"))
    },
    file.size(result("shared.musl")) < 8e6 &&
      identical(
        predict(again, scores[1:2], data = d)$.score, scores$.score
      ),
    shell = c("report",
      "--model", result("model.musl"), "--out", result("report.html")
    ),
    written = file.size(result("report.html")) > 1e5
  ),
  task("leak-free evaluation",
    {
      split <- musl_split(d, "study", seed = 1)
      leaks <- musl_leaks(split)
      tested <- musl_fit(d, split, fold = 1, scorers = "features", progress = FALSE)
    },
    !any(leaks$leak),
    shell = c(
      "evaluate", label_words(file, result), input_words(file),
      "--scorers", "features", "--setting", "study", "--fold", "1", "--quick",
      "--out", result("metrics.csv")
    ),
    written = all(c("auroc", "auprc") %in% table("metrics.csv")$.metric)
  ),
  task("metrics",
    metrics <- musl_metrics(tested, split, fold = 1, interval = 0.95, seed = 1),
    all(c("MuSL", "SL degree") %in% metrics$scorer) &&
      !anyNA(metrics$.lower)
  ),
  task("in-silico screen",
    {
      mutated <- utils::read.delim(file("genes/lof_mutations.tsv.gz"))
      groups <- data.frame(
        line = lines$model_id,
        lost = lines$model_id %in% mutated$model[mutated$gene == "ARID1A"]
      )
      screen <- musl_dependency("ARID1A", drive, groups = groups)
    },
    "ARID1B" %in% head(screen$partner[order(screen$p_value)], 5),
    shell = {
      utils::write.csv(groups, result("groups.csv"), row.names = FALSE)
      c(
        "dependency", "--depmap",
        paste0("effect=", file("dependency/drive_ataris.tsv.gz")),
        "--lines", file("genes/lof_models.tsv.gz"), "--groups",
        result("groups.csv"), "--anchor", "ARID1A", "--out",
        result("screen.csv")
      )
    },
    written = "ARID1B" %in% head(table("screen.csv")$partner, 5)
  ),
  task("comparison with a screen",
    {
      all_partners <- musl_partners(fit, "ARID1A", n = Inf)
      compared <- musl_compare(all_partners, screen, fdr = 0.2, seed = 1)
    },
    compared$.estimate[compared$.metric == "auroc"] > 0.6,
    shell = c(
      "compare", "--screen", result("screen.csv"), "--model",
      result("model.musl"), "--anchor", "ARID1A", "--fdr", "0.2", "--out",
      result("compared.csv")
    ),
    written = all(c("auroc", "auprc") %in% table("compared.csv")$.metric)
  ),
  task("consensus of model and screen",
    both <- augment(compared),
    both$gene[[which.min(both$joint_rank)]] == "ARID1B"
  ),
  task("several processes and a cluster",
    {
      workers <- BiocParallel::SnowParam(2)
      atlas <- musl_atlas(fit, result("atlas-workers"),
        anchors = c("ARID1A", "WRN"), BPPARAM = workers, progress = FALSE
      )
    },
    identical(
      musl_partners(atlas, "ARID1A", n = 20)$partner, head(lists[[1]], 20)
    )
  )
)

test_that("a new user's tasks are done in few words, in R and from the shell", {
  skip_without_backend()
  skip_if_not_installed("org.Hs.eg.db")
  world <- task_world(dirname(data_file("sl")), withr::local_tempdir())
  tasks <- c(input_tasks, model_tasks)
  done <- do_tasks(tasks, world)
  expect_identical(nrow(done), 21L)
  expect_lte(max(done$statements), 3)
  for (face in c("r", "shell")) {
    said <- done[[face]][!is.na(done[[face]])]
    expect_identical(said[said != "yes"], character())
  }
})
