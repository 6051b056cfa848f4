# Fields of architectures and of controls.

test_that("wrong fields of an architecture are refused", {
  expect_arguments_refused("musl_architecture", musl_architecture, list(
    preset = choice("Paper", "paper "), width = whole(0, -1, 2^31),
    bins = whole(1, 0, 257), binning = choice("ranks"), zeros = choice("Keep"),
    smooth = number(-.1), histogram_net = choice("large"),
    descriptors = choice("all"), graph_net = choice("GCN"),
    graph_layers = whole(-1, 1000), graph_hidden = whole(0),
    spectral = whole(-1), coexpression = whole(-1),
    edge_dropout = number(-.1, 1.1),
    unseen_genes = choice("hidden"), fusion = choice("sum"),
    fusion_width = whole(0), heads = whole(0), alignment = number(-1),
    alignment_kind = choice("infonce"), temperature = number(0, -1),
    auxiliary = number(-1), branch_weight = number(-1),
    dropout = number(-.1, 1), modality_dropout = number(-.1, 1)
  ))
})

test_that("wrong fields of a control are refused", {
  expect_arguments_refused("musl_control", musl_control, list(
    strategy = choice("Joint"), threads = whole(-1), seed = whole(-1, 2^31),
    epochs = whole(0, -1), patience = whole(0), batch_size = whole(0),
    learning_rate = number(0, -1), weight_decay = number(-1),
    schedule = choice("cosine"), warmup = number(-.1, 1), plateau = whole(0),
    clip = number(0), members = whole(0, 101), monitor = choice("AUPRC"),
    checkpoint = string, joined_by = choice("mean"), ogm = number(-1, 101),
    distill_weight = number(-1, 101), em_preset = choice("MUSE"),
    em_iterations = whole(-1, 9), em_weight = number(-.1, 1),
    em_confidence = number(-.1, 1), em_prior = number(0, 1),
    em_unlabelled = number(0, 1001), preset = choice("Paper")
  ))
})
