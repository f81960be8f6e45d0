#!/usr/bin/env python3
"""Times models in fp16 on an NVIDIA GPU: ait4j beside PyTorch eager, in a CUDA graph, and torch.compile.

    python3 examples/gpu_peers.py                      # seven models, all peers: some 15 minutes
    python3 examples/gpu_peers.py vit_b1 bert_b1_s128  # these only
    python3 examples/gpu_peers.py --no-compile         # without torch.compile(mode="max-autotune")

Each time is the median of device events around one inference whose inputs lie on the GPU. ait4j converts the
same model, with the same weights, exported in fp32, and keeps halves between its kernels as PyTorch does;
before it is timed it must agree with PyTorch in fp32. Needs PyTorch, timm and transformers.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch

from export_model import export

HERE = Path(__file__).resolve().parent
WARM_UP_SECONDS, RUNS = 1, 100  # an idle GPU takes its time to reach full speed


def resnet50(batch):
    import timm

    return timm.create_model("resnet50"), torch.randn(batch, 3, 224, 224)


def vit(batch):
    import timm

    return timm.create_model("vit_base_patch16_224"), torch.randn(batch, 3, 224, 224)


class Bert(torch.nn.Module):
    def __init__(self):
        super().__init__()
        import transformers

        self.bert = transformers.BertModel(transformers.BertConfig(), add_pooling_layer=False)

    def forward(self, tokens):
        return self.bert(input_ids=tokens).last_hidden_state


def bert(batch, length):
    return Bert(), torch.randint(0, 30000, (batch, length))


MODELS = {
    "resnet50_b1": lambda: resnet50(1),
    "resnet50_b64": lambda: resnet50(64),
    "bert_b1_s128": lambda: bert(1, 128),
    "bert_b32_s128": lambda: bert(32, 128),
    "bert_b32_s384": lambda: bert(32, 384),
    "vit_b1": lambda: vit(1),
    "vit_b32": lambda: vit(32),
}


def median_ms(run):
    begin = time.monotonic()
    while time.monotonic() - begin < WARM_UP_SECONDS:
        run()
        torch.cuda.synchronize()
    times = []
    for _ in range(RUNS):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        torch.cuda.synchronize()
        begin.record()
        run()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return sorted(times)[RUNS // 2]


def graphed(run):
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph.replay


def torch_times(model, inputs, compiled):
    model, inputs = model.cuda().half(), inputs.cuda()
    if inputs.is_floating_point():
        model, inputs = model.to(memory_format=torch.channels_last), inputs.half().to(memory_format=torch.channels_last)
    times = {}
    with torch.inference_mode():
        times["eager"] = median_ms(lambda: model(inputs))
        times["graph"] = median_ms(graphed(lambda: model(inputs)))
        if compiled:
            torch._dynamo.reset()
            fast = torch.compile(model, mode="max-autotune", fullgraph=True)
            times["max-autotune"] = median_ms(lambda: fast(inputs))
    return times


def ait4j_time(command, folder, cache):
    report = folder / "bench.json"
    arguments = ["bench", "--target", "cuda", "--precision", "fp16", "--json", report, "--cache-dir", cache, folder]
    subprocess.run([*command, *map(str, arguments)], check=True, stdout=sys.stderr)
    [result] = json.loads(report.read_text())
    return next(row["device_median_ms"] for row in result["contenders"] if row["name"] == "ait4j")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help=", ".join(MODELS))
    parser.add_argument("--ait4j", default=str(HERE.parent / "ait4j"), help="the launcher")
    parser.add_argument("--cache-dir", default=tempfile.gettempdir() + "/ait4j-gpu-peers")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--json", help="also write the times to this file")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.backends.cudnn.benchmark = True
    all_times, ratios = {}, []
    for name in options.models or MODELS:
        torch.manual_seed(1)
        model, inputs = MODELS[name]()
        model = model.eval()
        with tempfile.TemporaryDirectory() as folder:
            export(model, (inputs,), folder, formats=("pt2",))
            times = {"ait4j": ait4j_time(options.ait4j.split(), Path(folder), options.cache_dir)}
        times.update(torch_times(model, inputs, not options.no_compile))
        best = times.get("max-autotune", min(times["eager"], times["graph"]))
        ratios.append(best / times["ait4j"])
        all_times[name] = times
        shown = "  ".join(f"{peer} {ms:7.3f} ms" for peer, ms in times.items())
        print(f"{name:14}  {shown}  {ratios[-1]:5.2f} x", flush=True)
        if options.json:
            Path(options.json).write_text(json.dumps(all_times, indent=1))
    print(f"geometric mean {math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f} x")


if __name__ == "__main__":
    main()
