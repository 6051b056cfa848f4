# Bytes of MuSL's archives, taken apart and put together here without the code
# under test.

header_length <- function(bytes) {
  sum(as.integer(bytes[1:8]) * 256^(0:7))
}
