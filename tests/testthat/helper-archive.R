# Bytes of MuSL's archives, taken apart and put together here without the code
# under test.

header_length <- function(bytes) {
  sum(as.integer(bytes[1:8]) * 256^(0:7))
}

# FNV-1a of bytes, 64 bits as four numbers of 16, as hexadecimal digits.
fnv1a <- function(bytes) {
  h <- c(0x2325, 0x8422, 0x9ce4, 0xcbf2)
  for (byte in as.integer(bytes)) {
    h[[1]] <- bitwXor(h[[1]], byte)
    # The prime is 2^40 + 435.
    p <- h * 435
    p[[3]] <- p[[3]] + (h[[1]] %% 256) * 256
    p[[4]] <- p[[4]] + h[[1]] %/% 256 + (h[[2]] %% 256) * 256
    carry <- p[[1]] %/% 65536
    h[[1]] <- p[[1]] %% 65536
    p[[2]] <- p[[2]] + carry
    h[[2]] <- p[[2]] %% 65536
    p[[3]] <- p[[3]] + p[[2]] %/% 65536
    h[[3]] <- p[[3]] %% 65536
    h[[4]] <- (p[[4]] + p[[3]] %/% 65536) %% 65536
  }
  paste(sprintf("%04x", rev(h)), collapse = "")
}

# The file with another header, summed anew.
with_header <- function(header, data) {
  sum <- "(\"checksum\":\")[0-9a-f]{16}"
  unset <- sub(sum, "\\10000000000000000", header)
  header <- sub(sum, paste0("\\1", fnv1a(c(charToRaw(unset), data))), header)
  c(little_endian(nchar(header, "bytes"), 8), charToRaw(header), data)
}
