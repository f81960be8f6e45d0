#!/usr/bin/env python3
"""Times single kernels of PyTorch (cuBLAS, cuDNN) in half precision, for KernelSweep.

Reads problems from its standard input, one a line, and answers each with its microseconds:

    COPIES linear M N K
    COPIES conv BATCH CHANNELS SIZE OUTPUTS KERNEL STRIDE

As many copies, each with tensors of its own, are replayed from a CUDA graph; the median of several replays counts.
"""

import statistics
import sys

import torch
import torch.nn.functional as F

torch.backends.cudnn.benchmark = True


def linear(m, n, k):
    x = torch.rand(m, k, device="cuda", dtype=torch.half) * 2 - 1
    w = torch.rand(n, k, device="cuda", dtype=torch.half) * 2 - 1
    return lambda: F.linear(x, w)


def conv(batch, channels, size, outputs, kernel, stride):
    x = torch.rand(batch, channels, size, size, device="cuda", dtype=torch.half) * 2 - 1
    w = torch.rand(outputs, channels, kernel, kernel, device="cuda", dtype=torch.half) * 2 - 1
    x, w = (t.to(memory_format=torch.channels_last) for t in (x, w))
    return lambda: F.conv2d(x, w, stride=stride, padding=kernel // 2)


def graph_micros(calls):
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for call in calls[:2]:
            call()
        stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            for call in calls:
                call()
        times, warm = [], 0
        while len(times) < 11:
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            begin.record(stream)
            graph.replay()
            end.record(stream)
            stream.synchronize()
            took = begin.elapsed_time(end)
            if warm >= 100:  # milliseconds: an idle GPU takes its time to reach full speed
                times.append(took)
            warm += took
    return statistics.median(times) * 1e3 / len(calls)


if __name__ == "__main__":
    with torch.inference_mode():
        for line in sys.stdin:
            copies, kind, *sizes = line.split()
            make = {"linear": linear, "conv": conv}[kind]
            micros = graph_micros([make(*map(int, sizes)) for _ in range(int(copies))])
            torch.cuda.empty_cache()
            print(micros, flush=True)
