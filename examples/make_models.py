#!/usr/bin/env python3
"""Makes the models in examples/models: published architectures, small, with random weights.

    python3 make_models.py [FOLDER]

Weights are drawn under a fixed seed and scaled so that every layer, bias and norm changes the
output visibly; batch norms carry the statistics of their own activations. Nothing is trained.
"""

import sys
import zipfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from export_model import export


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet20(nn.Module):
    """ResNet-20 for CIFAR (He et al. 2015, section 4.2), half as wide, with projection shortcuts."""

    def __init__(self, width=8, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = self.stage(width, width, 1)
        self.layer2 = self.stage(width, 2 * width, 2)
        self.layer3 = self.stage(2 * width, 4 * width, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4 * width, classes)

    @staticmethod
    def stage(inputs, outputs, stride):
        return nn.Sequential(
            BasicBlock(inputs, outputs, stride),
            BasicBlock(outputs, outputs, 1),
            BasicBlock(outputs, outputs, 1),
        )

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class SelfAttention(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.output = nn.Linear(hidden, hidden)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, mask):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.output(y.transpose(1, 2).reshape(x.shape))


class Fourier(nn.Module):
    """FNet's mixing: the real part of a Fourier transform over positions and channels."""

    def forward(self, x, mask):
        return torch.fft.fft2(x).real


class Layer(nn.Module):
    """An encoder layer of BERT, around any mixing of positions."""

    def __init__(self, mixing, hidden):
        super().__init__()
        self.mixing = mixing
        self.mixing_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.intermediate = nn.Linear(hidden, 4 * hidden)
        self.output = nn.Linear(4 * hidden, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x, mask):
        x = self.mixing_norm(x + self.mixing(x, mask))
        return self.output_norm(x + self.output(F.gelu(self.intermediate(x))))


class Embeddings(nn.Module):
    def __init__(self, vocabulary, positions, hidden):
        super().__init__()
        self.word = nn.Embedding(vocabulary, hidden)
        self.position = nn.Embedding(positions, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        return self.norm(self.word(tokens) + self.position(positions))


class Bert(nn.Module):
    """A BERT encoder with its pooler (Devlin et al. 2018) over bytes, two layers deep."""

    def __init__(self, vocabulary=256, positions=64, hidden=64, heads=4, layers=2):
        super().__init__()
        self.embeddings = Embeddings(vocabulary, positions, hidden)
        self.layers = nn.ModuleList(
            Layer(SelfAttention(hidden, heads), hidden) for _ in range(layers)
        )
        self.pooler = nn.Linear(hidden, hidden)

    def forward(self, tokens, attention_mask):
        mask = attention_mask[:, None, None, :].to(torch.bool)
        x = self.embeddings(tokens)
        for layer in self.layers:
            x = layer(x, mask)
        return x, torch.tanh(self.pooler(x[:, 0]))


class FNetHybrid(nn.Module):
    """FNet-Hybrid (Lee-Thorp et al. 2021): a Fourier layer, then a layer with attention."""

    def __init__(self, vocabulary=256, positions=64, hidden=32, heads=4):
        super().__init__()
        self.embeddings = Embeddings(vocabulary, positions, hidden)
        self.projection = nn.Linear(hidden, hidden)
        self.layers = nn.ModuleList(
            [Layer(Fourier(), hidden), Layer(SelfAttention(hidden, heads), hidden)]
        )

    def forward(self, tokens):
        x = self.projection(self.embeddings(tokens))
        for layer in self.layers:
            x = layer(x, None)
        return x


def initialise(model):
    """Random weights that keep the scale of activations and leave no parameter at 0 or 1."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            gain = 2 if isinstance(module, nn.Conv2d) else 1
            nn.init.normal_(module.weight, std=(gain / module.weight[0].numel()) ** 0.5)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.2)
        elif isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.normal_(module.weight, mean=1, std=0.2)
            nn.init.normal_(module.bias, std=0.2)
    return model


def images(count):
    """Blobs with noise on them, each channel with a mean of its own."""
    blobs = F.interpolate(torch.randn(count, 3, 4, 4), size=(32, 32), mode="bilinear")
    return blobs + 0.3 * torch.randn(count, 3, 32, 32) + torch.tensor([0.4, 0.0, -0.3]).view(3, 1, 1)


def resnet20():
    model = initialise(ResNet20())
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # the plain mean over the batches below
    model.train()
    with torch.no_grad():
        for _ in range(8):
            model(images(64))
    return model, (images(2),)


def bert():
    tokens = torch.randint(0, 256, (2, 24))
    attention_mask = torch.ones(2, 24, dtype=torch.int64)
    attention_mask[1, 17:] = 0
    return initialise(Bert()), (tokens, attention_mask)


def fnet():
    return initialise(FNetHybrid()), (torch.randint(0, 256, (2, 20)),)


def pack(archive):
    """Compresses what is text, and leaves out where in Python each line came from, most of it stack traces.

    Weights stay stored, at multiples of 64 bytes.
    """
    with zipfile.ZipFile(archive) as source:
        entries = [(entry.filename, source.read(entry)) for entry in source.infolist()]
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            if name.endswith(".debug_pkl"):
                continue
            if name.endswith((".json", ".py")):
                entry.compress_type = zipfile.ZIP_DEFLATED
            else:
                padding = -(packed.fp.tell() + 30 + len(name) + 4) % 64
                entry.extra = b"FB" + padding.to_bytes(2, "little") + b"Z" * padding
            packed.writestr(entry, content, compresslevel=9)


def main(folder):
    for name, make in [("resnet20", resnet20), ("bert", bert), ("fnet", fnet)]:
        torch.manual_seed(20)
        model, inputs = make()
        for path in export(model, inputs, folder / name):
            if path.suffix in (".pt", ".pt2"):
                pack(path)
            print(f"{path}  {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "models")
