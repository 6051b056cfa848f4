# Names and words of columns, rows and samples that say what these are.

# Names of a column of a gene's identifiers.
id_column_names <- c(
  "", "id", "ids", "identifier", "name", "names", "index", "rowname",
  "rownames", "key", "gene", "genes", "geneid", "geneids", "genename",
  "genenames", "symbol", "symbols", "genesymbol", "hgncsymbol", "hgncid",
  "hugosymbol", "entrez", "entrezid", "entrezgene", "entrezgeneid", "ncbiid",
  "ncbigeneid", "ensembl", "ensemblid", "ensemblgeneid", "ensg", "targetid",
  "feature", "featureid", "probe", "probeid", "transcript",
  "transcriptid", "protein", "proteins", "proteinid", "uniprot", "uniprotid",
  "accession", "entry", "unnamed0", "x"
)

# Facts of a gene beside its expression.
gene_fact_names <- c(
  "length", "genelength", "efflength", "effectivelength", "width", "chr",
  "chrom", "chromosome", "seqname", "seqnames", "start", "end", "strand",
  "gc", "gccontent", "taxid", "taxon",
  # Of tables of proteins: CCLE, CPTAC, MaxQuant, FragPipe, DIA-NN.
  "groupid", "proteingroup", "proteingroupid", "uniprotacc", "mw", "mass",
  "sequencelength", "sequencelengths", "pep", "calcpi"
)
# Words of counts and shares of peptides, one a sample in some of them.
protein_fact_words <-
  paste0("(^|[^a-z])(peptides?|psms?|spectra|spectral|ms/ms|razor|unshared|",
    "coverage|mol(ecular)?[ ._]?weight|kda)")

# Words of which several may name a quantity of one sample.
protein_quantities <-
  "\\b((Max)?LFQ |Reporter )?([Ii]ntensity( corrected)?|iBAQ|Log Ratio)\\b"

# Quantities of one sample and results of a comparison, which name no sample:
# of RSEM, kallisto, Salmon, StringTie, Cufflinks, STAR and the GDC; of DESeq2,
# edgeR and limma.
one_sample_names <- c(
  "expectedcount", "tpm", "ptpm", "ntpm", "fpkm", "rpkm", "fpkmuq", "isopct",
  "estcounts", "numreads", "coverage", "count", "counts", "unstranded",
  "strandedfirst", "strandedsecond", "tpmunstranded", "fpkmunstranded",
  "fpkmuqunstranded", "posteriormeancount", "fpkmconflo", "fpkmconfhi",
  "basemean", "log2foldchange", "lfcse", "adjpval", "adjpvalue", "aveexpr",
  "logcpm"
)
# Words of such names, of MAGeCK, DrugZ, BAGEL, Seurat and sleuth, too. Those of
# `one_sample_beside` may name samples, but beside the others a statistic.
one_sample_words <- c(
  "pval", "pvalue", "padj", "fdr", "qval", "qvalue", "lfc", "logfc", "log2fc",
  "log10fc", "zscore", "normz", "sumz", "numobs", "nobs", "rank", "score",
  "goodsgrna", "mean", "median", "pct", "statistic"
)
one_sample_beside <- c(
  "stat", "t", "b", "f", "lr", "cov", "se", "sd", "std", "var", "num", "bf",
  "fc", "cluster"
)

# First columns of tables with a row a guide, or a sample.
guide_names <- c("sgrna", "sgrnaid", "guide", "guideid", "geneclone", "pgrnaid")
sample_names <- c(
  "sample", "sampleid", "samplename", "patient", "patientid", "barcode",
  "cell", "cellid", "cellline", "celllinename", "modelid", "depmapid",
  "profileid", "modelconditionid", "sequencingid", "sidm", "run", "runid",
  "aliquot", "submitterid", "barcodes", "individual", "subject", "donor"
)
# Ids of samples: DepMap, TCGA, GEO, SRA, GTEx, Sanger, CPTAC, TARGET, CCLE's
# names of lines, barcodes of cells.
sample_id_pattern <- paste0(
  "^((ACH|PR|MC|CDS)-[0-9A-Za-z]{6}|TCGA[-.][0-9A-Z]{2}[-.].*|GSM[0-9]+.*|",
  "[SED]RR[0-9]{5,}.*|SAM[NED]A?[0-9]+|GTEX[-.].*|SIDM[0-9]{5}|",
  "C3[LN]-[0-9]{5}.*|TARGET-[0-9]{2}-.*|([0-9A-Za-z.-]+[_:#])?[ACGT]{12,}.*|",
  "[0-9A-Z]+_([A-Z_]*(INTESTINE|TRACT|TISSUE|SYSTEM)|LUNG|BREAST|SKIN|OVARY|",
  "PANCREAS|STOMACH|LIVER|BONE|KIDNEY|PROSTATE|ENDOMETRIUM|THYROID|PLEURA|",
  "OESOPHAGUS|AUTONOMIC_GANGLIA|CERVIX).*)$"
)
# Genes that most tables of human or mouse genes have.
common_genes <- c(
  "TP53", "KRAS", "EGFR", "MYC", "PTEN", "RB1", "BRCA1", "BRCA2", "ATM", "ATR",
  "CDKN2A", "PIK3CA", "BRAF", "AKT1", "ARID1A", "ARID1B", "SMARCA4", "MDM2",
  "GAPDH", "ACTB", "B2M", "TNF", "IL6", "STAT3", "CTNNB1", "TSPAN6", "A1BG"
)

# Words in the names of columns that are statistics of a screen, not lines.
statistic_words <- c(
  "lfc", "fc", "logfc", "dlfc", "l2fc", "log2fc", "log10", "se", "sem", "sd",
  "std", "stderr", "error", "var", "variance", "cv", "n", "num", "count",
  "counts", "reads", "depth", "size", "guide", "guides", "pgrna", "pgrnas",
  "sgrna", "sgrnas", "grna", "grnas", "rnas", "constructs", "reps",
  "replicates", "fdr", "fdr1", "fdr2", "p", "pval", "pvalue", "pval1", "pval2",
  "value", "padj", "adj", "q", "qval", "qvalue", "mean", "median", "average",
  "avg", "sum", "min", "max", "pct", "percent", "ratio", "expected", "observed",
  "exp", "obs", "score", "scores", "zscore", "z", "normz", "rank", "residual",
  "residuals", "lower", "upper", "stat", "statistic", "strong", "sensitive",
  "sensitivity", "lethality", "recovery", "weight", "length", "distance",
  "identity", "similarity", "id", "entrez", "pubmed", "pmid", "year", "start",
  "end", "cutoff", "threshold", "coverage", "effect", "probability", "prob",
  "neg", "pos", "synth", "supp", "gi", "sl"
)

# Controls in the libraries of GeCKO, Brunello, TKO, Yusa, Horlbeck and Bassik:
# words that may have anything behind them, and others that may have a number.
control_pattern <- paste0(
  "^(sg|sh|si)?[ _.-]?((non?e?[ _.-]?target|neg(ative)?[ _.-]?(control|ctrl)|",
  "[0-9]*safe[ _.-]?(safe|harbou?r|target|control|cutting|guide|site)|",
  "no[ _.-]?(current|site|guide|s?grna|gene|cut|edit|template)|scrambled?|",
  "(one[ _.-]?)?(inter|non)[ _.-]?gen(e|ic)|luciferase|renilla|rosa26|aavs1|",
  "(ctrl|control)s?[ _.-]?(guide|s?grna|site|human|mouse|nt)|",
  "(empty|mock|dummy|blank|filler)[ _.-]?(vector|s?grna|guide|control)|",
  "chr[0-9xy]+[ _.-]?(promiscuous|rand|intergenic)).*|",
  "(safe|aavs|ntc?|nt[ _.-]?(control|ctrl|guide|s?grna)s?|negative|controls?|",
  "ctrls?|lacz|f?luc|e?gfp|[bry]fp|mcherry|tdtomato|dsred|empty|mock|dummy|",
  ".*[ _-]introns?)([ _.-]?[0-9]+)?)$"
)

# CTRL in capitals is the symbol of chymotrypsin-like protease.
is_control <- function(x) grepl(control_pattern, fold_case(x)) & x != "CTRL"
