"""numpy.histogram2d on the pairs of bench/histogram.R.

    histogram2d.py VALUES SAMPLES PAIRS BINS COUNTS

VALUES holds doubles, gene after gene; PAIRS int32, first genes then second
ones, 0-based. Prints processor seconds; writes the last pair's counts as int32.
"""

import sys
import time

import numpy


def main(values, samples, pairs, bins, out):
    x = numpy.fromfile(values).reshape(-1, int(samples))
    a, b = numpy.fromfile(pairs, dtype=numpy.int32).reshape(2, -1)
    start = time.process_time()
    for i, j in zip(a, b):
        counts, _, _ = numpy.histogram2d(x[i], x[j], bins=int(bins))
    print(time.process_time() - start)
    counts.astype(numpy.int32).tofile(out)


main(*sys.argv[1:])
