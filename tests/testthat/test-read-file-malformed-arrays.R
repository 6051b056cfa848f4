# Forged arrays: refused with the file and a remedy.

tensor_header <- function(entry, data = 12) {
  header <- charToRaw(paste0("{", entry, "}"))
  c(little_endian(length(header), 8), header, raw(data))
}

test_that("forged safetensors are refused", {
  one <- function(dtype = "F32", shape = "3", offsets = "0,12") {
    sprintf("\"A\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%s]}",
      dtype, shape, offsets
    )
  }
  two <- sub("\"A\"", "\"B\"", one(offsets = "0,12"))
  entries <- list(
    "overlapping" = paste(one(), two, sep = ","),
    "out of range" = one(shape = "300", offsets = "0,1200"),
    "huge offsets" = one(offsets = "0,18446744073709551615"),
    "a shape that overflows" = one(
      shape = "4611686018427387904,4611686018427387904"
    ),
    "an unknown type" = one(dtype = "F31"),
    "integers" = one(dtype = "I32"),
    "broken JSON" = "\"A\":{",
    "three dimensions" = one(shape = "1,1,3"),
    "vectors of two lengths" = paste(
      one(shape = "1", offsets = "0,4"),
      "\"B\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}",
      sep = ","
    )
  )
  for (case in names(entries)) {
    expect_refused(paste("tensors:", case), read_embeddings,
      tensor_header(entries[[case]]), name = "x.safetensors"
    )
  }
  whole <- tensor_header(one())
  lengths <- list(
    "a header of 100 MB" = little_endian(1e8 + 1, 8),
    "a header longer than the file" = little_endian(5000, 8),
    "a header of 2^63 bytes" = as.raw(c(0, 0, 0, 0, 0, 0, 0, 128))
  )
  for (case in names(lengths)) {
    expect_refused(case, read_embeddings, c(lengths[[case]], whole[-(1:8)]),
      name = "x.safetensors"
    )
  }
  for (n in c(9, 20, 60, length(whole) - 1)) {
    expect_refused(paste("cut after", n), read_embeddings,
      utils::head(whole, n), name = "x.safetensors"
    )
  }
})

test_that("files of PyTorch and NumPy are refused with a way to convert", {
  archive <- zip_bytes(list("archive/data.pkl" = as.raw(0x80)))
  cases <- list(
    "an archive of PyTorch" = archive,
    "a pickle" = c(as.raw(c(0x80, 2)), charToRaw("}q.")),
    "a pickle of protocol 4" = c(as.raw(c(0x80, 4)), as.raw(1:30)),
    "a pickle of protocol 5" = c(as.raw(c(0x80, 5)), as.raw(1:30))
  )
  for (case in names(cases)) {
    path <- write_raw(cases[[case]], name = "x.pt")
    expect_no_object(case, read_embeddings(path), "format", "safetensors.torch")
  }
  arrays <- list(
    "an array" = as.raw(c(0x93, charToRaw("NUMPY"), 1, 0)),
    "an archive of arrays" = zip_bytes(list("a.npy" = f32(1:6)))
  )
  for (case in names(arrays)) {
    path <- write_raw(arrays[[case]], name = "x.npy")
    expect_no_object(case, read_embeddings(path), "format", "safetensors.numpy")
  }
})
