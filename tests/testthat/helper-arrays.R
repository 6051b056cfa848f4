# Arrays in the bytes of their formats, written here without the code under
# test.

little_endian <- function(x, n) {
  as.raw(floor(x / 256^(seq_len(n) - 1)) %% 256)
}

# `tensors` is a list of list(dtype, shape, bytes), named.
safetensors_bytes <- function(tensors, edit = identity) {
  ends <- cumsum(vapply(tensors, function(x) length(x$bytes), 1L))
  starts <- c(0, ends[-length(ends)])
  entries <- sprintf(
    "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%.0f,%.0f]}",
    names(tensors), vapply(tensors, function(x) x$dtype, ""),
    vapply(tensors, function(x) paste(x$shape, collapse = ","), ""),
    starts, ends
  )
  header <- charToRaw(edit(paste0("{", paste(entries, collapse = ","), "}")))
  data <- unlist(lapply(unname(tensors), function(x) x$bytes))
  c(little_endian(length(header), 8), header, data)
}

f32 <- function(x) writeBin(as.double(x), raw(), size = 4, endian = "little")
f64 <- function(x) writeBin(as.double(x), raw(), size = 8, endian = "little")

tensor_f32 <- function(x, shape = length(x)) {
  list(dtype = "F32", shape = shape, bytes = f32(x))
}

# CRC-32 of a zip's member, by the book.
crc32 <- function(bytes) {
  table <- vapply(0:255, function(n) {
    for (k in 1:8) {
      low <- n %% 2
      n <- n %/% 2
      if (low == 1) n <- xor_32(n, 3988292384)
    }
    n
  }, 1)
  crc <- 4294967295
  for (byte in as.integer(bytes)) {
    crc <- xor_32(table[[xor_32(crc, byte) %% 256 + 1]], crc %/% 256)
  }
  xor_32(crc, 4294967295)
}

xor_32 <- function(a, b) {
  high <- bitwXor(a %/% 65536, b %/% 65536)
  high * 65536 + bitwXor(a %% 65536, b %% 65536)
}

# A zip archive whose members are stored, not deflated; `members` is a list of
# raw vectors, named by path.
zip_bytes <- function(members, flags = 0, method = 0) {
  out <- directory <- raw()
  for (path in names(members)) {
    data <- members[[path]]
    common <- c(
      little_endian(20, 2), little_endian(flags, 2), little_endian(method, 2),
      little_endian(0, 4), little_endian(crc32(data), 4),
      little_endian(length(data), 4), little_endian(length(data), 4),
      little_endian(nchar(path), 2)
    )
    directory <- c(
      directory, as.raw(c(0x50, 0x4b, 1, 2)), little_endian(20, 2), common,
      little_endian(0, 12), little_endian(length(out), 4), charToRaw(path)
    )
    out <- c(
      out, as.raw(c(0x50, 0x4b, 3, 4)), common, little_endian(0, 2),
      charToRaw(path), data
    )
  }
  n <- length(members)
  c(
    out, directory, as.raw(c(0x50, 0x4b, 5, 6)), little_endian(0, 4),
    little_endian(n, 2), little_endian(n, 2),
    little_endian(length(directory), 4), little_endian(length(out), 4),
    little_endian(0, 2)
  )
}
